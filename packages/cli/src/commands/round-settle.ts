import { Command } from "@commander-js/extra-typings";
import { settleRound } from "@zkcmp/chain/rounds/settle";
import { example } from "../help.ts";
import { readRound, ROUND_HELP } from "../round-input.ts";
import { roundTrust } from "../round-key.ts";
import { roundJson } from "../round-lines.ts";
import type { Session } from "../session.ts";
import { transactionJson, transactionLine } from "../transaction-report.ts";

export function roundSettleCommand(session: Session) {
  return new Command("settle")
    .description("anyone: settle a round for which no proof came, so that its pool is split equally")
    .argument("<round>", ROUND_HELP)
    .addHelpText("after", example("zkcmp round settle round.json --account 1"))
    .action(async (path) => {
      const round = await readRound(path);
      const party = await session.party({ chainId: round.chainId });
      const trustStore = await roundTrust(session, party.connection, round.shape);
      await session.confirm("Settle the round? This costs gas.");
      const { state, transaction, sent } = await settleRound(party, round, trustStore, session.waiting);
      session.output.result(
        { ...roundJson(round), state, sent, transaction: transaction === null ? null : transactionJson(transaction) },
        [
          state === "refunded"
            ? "Nobody was accepted: the owner may take everything back."
            : state === "equal"
              ? "The pool is split equally among the providers, who may claim now."
              : `The round is ${state}: there was nothing to settle.`,
          ...(transaction === null ? [] : [transactionLine(transaction)]),
        ],
      );
    });
}
