import { Command } from "@commander-js/extra-typings";
import { claimReward } from "@zkcmp/chain/rounds/claim";
import { forwardReward } from "@zkcmp/chain/rounds/forward";
import { formatPrice } from "@zkcmp/sale/price";
import { UsageError } from "../cli-error.ts";
import { example } from "../help.ts";
import { parseAddress } from "../option-value.ts";
import { readRound, ROUND_HELP } from "../round-input.ts";
import { roundTrust } from "../round-key.ts";
import { roundJson } from "../round-lines.ts";
import type { Session } from "../session.ts";
import { transactionJson, transactionLine } from "../transaction-report.ts";

export function roundClaimCommand(session: Session) {
  return new Command("claim")
    .description("data provider: take your reward; again when the pool has grown")
    .argument("<round>", ROUND_HELP)
    .option("--to <address>", "pay your reward to this account (default: your own)", parseAddress)
    .option("--for <address>", "claim for another provider, who is paid", parseAddress)
    .option("--forward", "first move what sales have set aside from the escrow into the pool", false)
    .addHelpText("after", example("zkcmp round claim round.json --account 1"))
    .action(async (path, options) => {
      const { to, for: payee } = options;
      if (to !== undefined && payee !== undefined) {
        throw new UsageError("another provider's reward goes to that provider", "Leave --to away.");
      }
      const round = await readRound(path);
      const party = await session.party({ chainId: round.chainId });
      const { token } = round.terms;
      const trustStore = await roundTrust(session, party.connection, round.shape);
      await session.confirm("Claim the reward? This costs gas.");
      const forwarded = options.forward
        ? (await forwardReward(party, round, session.escrow(), trustStore, session.waiting)).amount
        : 0n;
      const claimed = await claimReward(party, round, { to, payee }, trustStore, session.waiting);
      const { amount, earned, transaction } = claimed;
      session.output.result(
        {
          ...roundJson(round),
          ...{ payee: claimed.payee, amount, earned, forwarded },
          transaction: transaction === null ? null : transactionJson(transaction),
        },
        [
          ...(forwarded === 0n ? [] : [`Forwarded ${formatPrice(forwarded, token)} from the escrow into the pool.`]),
          amount > 0n
            ? `Claimed ${formatPrice(amount, token)} for ${claimed.payee}.`
            : earned > 0n
              ? "Nothing new to claim: everything earned so far was paid."
              : "Nothing to claim: the rows did not make the model better.",
          ...(transaction === null ? [] : [transactionLine(transaction)]),
          `Earned so far ${formatPrice(earned, token)}.`,
        ],
      );
    });
}
