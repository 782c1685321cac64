import { Command } from "@commander-js/extra-typings";
import { submitRound } from "@zkcmp/chain/rounds/submit";
import { fieldToHex } from "@zkcmp/sale/hex";
import { example } from "../help.ts";
import { readRound, readRoundProof, ROUND_HELP } from "../round-input.ts";
import { roundTrust } from "../round-key.ts";
import { roundJson } from "../round-lines.ts";
import type { Session } from "../session.ts";
import { transactionJson, transactionLine } from "../transaction-report.ts";

export function roundSubmitCommand(session: Session) {
  return new Command("submit")
    .description("anyone: bring the proof of a round to its contract, which fixes the values for good")
    .argument("<round>", ROUND_HELP)
    .argument("<proof>", "the proof that `round prove` wrote")
    .addHelpText("after", example("zkcmp round submit round.json proof.json --account 0"))
    .action(async (path, proofPath) => {
      const round = await readRound(path);
      const proof = await readRoundProof(proofPath);
      const party = await session.party({ chainId: round.chainId });
      const trustStore = await roundTrust(session, party.connection, round.shape);
      await session.confirm("Submit the proof? The values are public and final then. This costs gas.");
      const { submission, transaction, sent } = await submitRound(party, round, proof, trustStore, session.waiting);
      const { result, equal, totalWeight } = submission;
      session.output.result(
        {
          ...roundJson(round),
          ...{ values: result.values, modelCommitment: fieldToHex(result.modelCommitment), loss: result.loss },
          ...{ totalWeight, equal, sent, transaction: transaction === null ? null : transactionJson(transaction) },
        },
        [
          sent ? "The proof was accepted." : "This result was submitted and accepted before.",
          ...(transaction === null ? [] : [transactionLine(transaction)]),
          ...(equal ? ["The values are too small to tell the providers apart: the pool is split equally."] : []),
          `The model commitment is ${fieldToHex(result.modelCommitment)}. Providers may claim now.`,
        ],
      );
    });
}
