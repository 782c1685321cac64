import { Command } from "@commander-js/extra-typings";
import { openNonce } from "@zkcmp/chain/buyer/reveal";
import { encodeNonce } from "@zkcmp/sale/sale-message";
import { findPurchase, REFERENCE_HELP } from "../deal-reference.ts";
import { expectWritable, writeFileWhole } from "../file.ts";
import { example } from "../help.ts";
import { dealOfPurchase, readRootFor } from "../sale-message.ts";
import type { Session } from "../session.ts";

export function sampleOpenCommand(session: Session) {
  return new Command("open")
    .description("buyer: answer the seller's one root with the nonce that draws the rows to be proven")
    .argument("<order>", REFERENCE_HELP)
    .requiredOption("--root <file>", "the root, as the seller's `sample commit` wrote it")
    .requiredOption("--out <file>", "where to write the nonce, which goes to the seller")
    .addHelpText("after", example("zkcmp sample open order.json --root root.json --out nonce.json"))
    .action(async (reference, options) => {
      expectWritable(options.out, session.options.force);
      const { journal } = session;
      const orderHash = await findPurchase(journal, reference);
      const deal = await dealOfPurchase(journal, orderHash);
      const { root, signature } = await readRootFor(options.root, deal);
      const connection = await session.connection({ chainId: deal.chainId });
      const nonce = await openNonce({ connection, journal }, orderHash, { root, signature });
      const message = encodeNonce({ orderHash, dealId: deal.dealId, nonce });
      await writeFileWhole(options.out, message, session.options.force);
      session.output.result({ orderHash, file: options.out }, [
        `The nonce is in ${options.out}: send this file to the seller, who proves the rows that it draws.`,
        "A second root for this deal will be refused.",
      ]);
    });
}
