import { Command } from "@commander-js/extra-typings";
import { advanceSeed } from "@zkcmp/chain/rounds/seed";
import { example } from "../help.ts";
import { readRound, ROUND_HELP } from "../round-input.ts";
import { roundTrust } from "../round-key.ts";
import { roundJson } from "../round-lines.ts";
import type { Session } from "../session.ts";
import { transactionJson, transactionLine } from "../transaction-report.ts";

export function roundSeedCommand(session: Session) {
  return new Command("seed")
    .description("anyone: fix the block of a public seed once registration is over, and draw the seed from it")
    .argument("<round>", ROUND_HELP)
    .addHelpText("after", example("zkcmp round seed round.json --account 1"))
    .action(async (path) => {
      const round = await readRound(path);
      const party = await session.party({ chainId: round.chainId });
      const trustStore = await roundTrust(session, party.connection, round.shape);
      await session.confirm("Take the round's seed a step further? This costs gas.");
      const { seed, seedBlock, transaction } = await advanceSeed(party, round, trustStore, session.waiting);
      session.output.result(
        {
          ...roundJson(round),
          ...{ seed, seedBlock: Number(seedBlock) },
          transaction: transaction === null ? null : transactionJson(transaction),
        },
        [
          seed === null
            ? `The seed comes from block ${seedBlock}. Call this again within 256 blocks after it.`
            : `The seed is ${seed}, from block ${seedBlock}.`,
          ...(transaction === null ? [] : [transactionLine(transaction)]),
        ],
      );
    });
}
