import { awaitKey } from "@zkcmp/chain/buyer/settle";
import { WaitingError } from "@zkcmp/chain/network-connection";
import { Command } from "@commander-js/extra-typings";
import { formatJson } from "@zkcmp/network/json-file";
import { networkToJson } from "@zkcmp/network/network";
import { scoreRegression } from "@zkcmp/network/regression-score";
import { score } from "@zkcmp/network/score";
import { shapeId } from "@zkcmp/network/shape";
import { unsealNetwork } from "@zkcmp/sale/seal";
import { regressionScoreLines, scoreLines } from "@zkcmp/network/score-lines";
import { buyerMaterial } from "../buyer-material.ts";
import { KeyError, NotYetError } from "../cli-error.ts";
import { findPurchase, REFERENCE_HELP } from "../deal-reference.ts";
import { expectWritable, writeFileWhole } from "../file.ts";
import { example } from "../help.ts";
import { parseDuration } from "../option-value.ts";
import type { Session } from "../session.ts";

export function unsealCommand(session: Session) {
  return new Command("unseal")
    .description("buyer: open the network with the key that the seller has opened, and score it on your rows")
    .argument("<order>", REFERENCE_HELP)
    .option("--x25519 <key>", "name or file of the order's key (default: the one it was placed with)")
    .option("--wait <time>", "wait so long for the key, if it is not there yet", parseDuration)
    .requiredOption("--out <file>", "where to write the network")
    .addHelpText("after", example("zkcmp unseal order.json --out bought.json"))
    .action(async (reference, options) => {
      expectWritable(options.out, session.options.force);
      const { journal } = session;
      const orderHash = await findPurchase(journal, reference);
      const { order } = (await journal.purchase(orderHash)).signedOrder;
      const { testSet, privateKey } = await buyerMaterial(session, orderHash, options);
      if (privateKey === null) {
        throw new KeyError(
          "the order's X25519 key is not here",
          "Name its file with --x25519, or restore your backup.",
        );
      }
      const connection = await session.connection({ chainId: order.chainId });
      const waiting = { ...session.waiting, timeout: options.wait ?? 0 };
      const { key, opening, bundle } = await awaitKey({ connection, journal }, orderHash, waiting).catch(explainWait);
      const network = unsealNetwork(bundle.core, order, bundle.ciphertext, privateKey, key, opening);
      const regression = network.reading === undefined ? null : scoreRegression(network, testSet);
      const result = regression ?? score(network, testSet);
      await writeFileWhole(options.out, `${formatJson(networkToJson(network))}\n`, session.options.force);
      const kept = "right" in result ? result.right >= order.threshold : result.errorBound <= order.errorBound;
      session.output.result(
        {
          orderHash,
          network: options.out,
          shape: shapeId(network.shape),
          threshold: order.threshold,
          errorBound: order.errorBound,
          kept,
          score: result,
        },
        [
          `The network ${shapeId(network.shape)} is in ${options.out}.`,
          ...("right" in result ? scoreLines(result) : regressionScoreLines(result)),
          "right" in result
            ? `The order asked for ${order.threshold}${kept ? "." : ": a sampled proof lets this pass with a small probability only."}`
            : `The order asked for at most ${order.errorBound}${kept ? "." : ", which the proof did not allow to pass: report this."}`,
        ],
      );
    });
}

function explainWait(error: unknown): never {
  if (!(error instanceof WaitingError)) throw error;
  throw new NotYetError(
    "the seller has not opened the key yet",
    "Run the command again later, or let it wait with --wait, such as --wait 2h.",
  );
}
