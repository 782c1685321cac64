import { Command } from "@commander-js/extra-typings";
import { commitSample, receiveTestSet } from "@zkcmp/chain/seller/proof";
import { encodeRoot } from "@zkcmp/sale/sale-message";
import { findSale, REFERENCE_HELP } from "../deal-reference.ts";
import { expectWritable, writeFileWhole } from "../file.ts";
import { example } from "../help.ts";
import { dealOfSale, readRevealFor } from "../sale-message.ts";
import type { Session } from "../session.ts";

export function sampleCommitCommand(session: Session) {
  return new Command("commit")
    .description("seller: commit to the rows that the network has right, in a secret random order, and sign the root")
    .argument("<order>", REFERENCE_HELP)
    .option("--reveal <file>", "the test set, as the buyer's `order reveal` wrote it")
    .requiredOption("--out <file>", "where to write the root, which goes to the buyer")
    .addHelpText("after", example("zkcmp sample commit order.json --reveal reveal.json --out root.json --account 0"))
    .action(async (reference, options) => {
      expectWritable(options.out, session.options.force);
      const { journal } = session;
      const orderHash = await findSale(journal, reference);
      const { dealId, chainId } = await dealOfSale(journal, orderHash);
      const { wallet } = await session.party({ chainId });
      if (options.reveal !== undefined) {
        const { testSet, salt } = await readRevealFor(options.reveal, { orderHash, dealId });
        await receiveTestSet(journal, orderHash, testSet, salt);
      }
      session.output.progress("committing to the rows");
      const { root, signature } = await commitSample({ wallet, journal }, orderHash);
      await writeFileWhole(options.out, encodeRoot({ orderHash, dealId, root, signature }), session.options.force);
      session.output.result({ orderHash, root, file: options.out }, [
        `The signed root is in ${options.out}: send this file to the buyer, who answers with a nonce.`,
      ]);
    });
}
