import { Command } from "@commander-js/extra-typings";
import { forwardReward } from "@zkcmp/chain/rounds/forward";
import { formatPrice } from "@zkcmp/sale/price";
import { example } from "../help.ts";
import { readRound, ROUND_HELP } from "../round-input.ts";
import { roundTrust } from "../round-key.ts";
import { roundJson } from "../round-lines.ts";
import type { Session } from "../session.ts";
import { transactionJson, transactionLine } from "../transaction-report.ts";

export function roundForwardCommand(session: Session) {
  return new Command("forward")
    .description("anyone: move what sales have set aside for a round from the escrow into its pool")
    .argument("<round>", ROUND_HELP)
    .addHelpText("after", example("zkcmp round forward round.json --account 1"))
    .action(async (path) => {
      const round = await readRound(path);
      const party = await session.party({ chainId: round.chainId });
      const escrow = session.escrow();
      const trustStore = await roundTrust(session, party.connection, round.shape);
      await session.confirm(`Forward what waits in the escrow ${escrow}? This costs gas.`);
      const { amount, transaction } = await forwardReward(party, round, escrow, trustStore, session.waiting);
      session.output.result(
        {
          ...roundJson(round),
          escrow,
          amount,
          transaction: transaction === null ? null : transactionJson(transaction),
        },
        [
          amount === 0n
            ? "Nothing waits in the escrow for this round."
            : `Forwarded ${formatPrice(amount, round.terms.token)}.`,
          ...(transaction === null ? [] : [transactionLine(transaction)]),
        ],
      );
    });
}
