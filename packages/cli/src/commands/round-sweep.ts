import { Command } from "@commander-js/extra-typings";
import { sweepRound } from "@zkcmp/chain/rounds/settle";
import { formatPrice } from "@zkcmp/sale/price";
import { example } from "../help.ts";
import { parseAddress } from "../option-value.ts";
import { readRound, ROUND_HELP } from "../round-input.ts";
import { roundTrust } from "../round-key.ts";
import { roundJson } from "../round-lines.ts";
import type { Session } from "../session.ts";
import { transactionJson, transactionLine } from "../transaction-report.ts";

export function roundSweepCommand(session: Session) {
  return new Command("sweep")
    .description("model owner: take what is left when the claims are over, or when nobody was accepted")
    .argument("<round>", ROUND_HELP)
    .option("--to <address>", "pay it to this account (default: the owner)", parseAddress)
    .addHelpText("after", example("zkcmp round sweep round.json --account 0"))
    .action(async (path, options) => {
      const round = await readRound(path);
      const party = await session.party({ chainId: round.chainId });
      const trustStore = await roundTrust(session, party.connection, round.shape);
      await session.confirm("Take what is left of the round? This costs gas.");
      const to = options.to ?? round.owner;
      const { amount, transaction, sent } = await sweepRound(party, round, trustStore, to, session.waiting);
      session.output.result(
        {
          ...roundJson(round),
          to,
          amount,
          sent,
          transaction: transaction === null ? null : transactionJson(transaction),
        },
        [
          sent ? `Paid ${formatPrice(amount, round.terms.token)} to ${to}.` : "The round was swept before.",
          ...(transaction === null ? [] : [transactionLine(transaction)]),
        ],
      );
    });
}
