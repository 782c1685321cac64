import { isDevelopmentChain } from "@zkcmp/chain/network-connection";
import { Command } from "@commander-js/extra-typings";
import { proveSale, receiveNonce, receiveTestSet } from "@zkcmp/chain/seller/proof";
import { encodeBundle } from "@zkcmp/sale/bundle";
import { fieldToHex, fromHex } from "@zkcmp/sale/hex";
import { KeyError } from "../cli-error.ts";
import { findSale, REFERENCE_HELP } from "../deal-reference.ts";
import { expectWritable, writeFileWhole } from "../file.ts";
import { example } from "../help.ts";
import { planOf, proofSystemFor } from "../proof-systems.ts";
import { dealOfSale, readNonceFor, readRevealFor } from "../sale-message.ts";
import type { Session } from "../session.ts";

export function proveCommand(session: Session) {
  return new Command("prove")
    .description("seller: prove that the sealed network does what the order asks, and write the bundle")
    .argument("<order>", REFERENCE_HELP)
    .option("--reveal <file>", "the test set, as the buyer's `order reveal` wrote it")
    .option("--nonce <file>", "sampled deals: the nonce, as the buyer's `sample open` wrote it")
    .option(
      "--proving-key <file>",
      "groth16: the key that the network was sealed with; development chains make their own",
    )
    .requiredOption("--out <file>", "where to write the bundle, which goes to the buyer")
    .addHelpText(
      "after",
      example(
        "zkcmp prove order.json --reveal reveal.json --out bundle.json",
        "zkcmp prove order.json --nonce nonce.json --out bundle.json",
      ),
    )
    .action(async (reference, options) => {
      expectWritable(options.out, session.options.force);
      const { journal, output } = session;
      const orderHash = await findSale(journal, reference);
      const deal = await dealOfSale(journal, orderHash);
      if (options.reveal !== undefined) {
        const { testSet, salt } = await readRevealFor(options.reveal, deal);
        await receiveTestSet(journal, orderHash, testSet, salt);
      }
      if (options.nonce !== undefined) {
        const { nonce } = await readNonceFor(options.nonce, deal);
        await receiveNonce(journal, orderHash, nonce);
      }
      const started = performance.now();
      const { core, signedOrder, proof } = await journal.sale(orderHash);
      const needsKey = core.proofSystem === "groth16" && !isDevelopmentChain(deal.chainId);
      if (proof === undefined && needsKey && options.provingKey === undefined) {
        throw new KeyError(
          "no proving key was named",
          "Name the key file that the network was sealed with: --proving-key.",
        );
      }
      const bundle = await proveSale(
        journal,
        orderHash,
        () => proofSystemFor(session, signedOrder.order, planOf(core), options.provingKey),
        output.progress,
      );
      await writeFileWhole(options.out, encodeBundle(bundle), session.options.force);
      const seconds = (performance.now() - started) / 1000;
      const proofBytes = fromHex(bundle.proof).length;
      output.result(
        {
          orderHash,
          dealId: fieldToHex(deal.dealId),
          file: options.out,
          proofSystem: core.proofSystem,
          proofBytes,
          seconds,
        },
        [
          `Proven with ${core.proofSystem} in ${seconds.toFixed(1)} s, ${proofBytes} bytes. The bundle is in ${options.out}: send this file to the buyer.`,
        ],
      );
    });
}
