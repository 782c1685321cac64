import { resolve } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { checkDisclosure, expectedDisclosure, modelDigest } from "@zkcmp/chain/disclosure";
import { sealSale } from "@zkcmp/chain/seller/seal";
import { readNetwork } from "@zkcmp/network/network";
import { inputCount, outputCount, parameterCount, shapeId } from "@zkcmp/network/shape";
import { coreDigest } from "@zkcmp/sale/core";
import { fieldToHex } from "@zkcmp/sale/hex";
import { readModelSalt } from "@zkcmp/sale/model-salt-file";
import { orderHash } from "@zkcmp/sale/order";
import { formatPrice } from "@zkcmp/sale/price";
import { FileError } from "../cli-error.ts";
import { example } from "../help.ts";
import { parseCount, parsePositive, parseShare } from "../option-value.ts";
import { readOrderFile } from "../order-file.ts";
import { PROOF_SYSTEM_OPTION } from "../proof-system-option.ts";
import { proofSystemFor } from "../proof-systems.ts";
import type { Session } from "../session.ts";

export function sealCommand(session: Session) {
  return new Command("seal")
    .description("seller: encrypt a network for one order, under a fresh key that stays in your journal")
    .argument("<order>", "the order file from the buyer")
    .argument("<network>", "the integer network to sell")
    .addOption(PROOF_SYSTEM_OPTION)
    .option(
      "--proving-key <file>",
      "groth16: the key of this network's shape and rows; development chains make their own",
    )
    .option(
      "--minimum-rows <n>",
      "refuse orders with fewer rows: each answer tells something about the network",
      parseCount,
      100,
    )
    .option("--advertised-accuracy <share>", "refuse orders that ask for more, such as 0.95", parseShare)
    .option(
      "--model-salt <file>",
      "commit to the model with this salt, as the round that trained it did (`round prove` wrote the file)",
    )
    .option(
      "--advertised-rmse <value>",
      "regressions: refuse orders that ask for less, in units of the targets",
      parsePositive,
    )
    .option("--maximum-bits <bits>", "refuse when all answers about this network would tell more bits", parseCount)
    .addHelpText(
      "after",
      example(
        "zkcmp seal order.json network.json",
        "zkcmp seal order.json network.json --proof-system groth16 --proving-key key-2.zkey",
      ),
    )
    .action(async (orderPath, networkPath, options) => {
      const { signedOrder, encoding } = await readOrderFile(orderPath);
      const { order } = signedOrder;
      const network = await readNetwork(networkPath);
      const { shape } = network;
      const outputs = order.predicate === "accuracy" ? order.classes : 1;
      if (
        inputCount(shape) !== order.features ||
        outputCount(shape) !== outputs ||
        shape.inputBits !== order.inputBits
      ) {
        throw new FileError(
          `${networkPath} takes ${inputCount(shape)} features of ${shape.inputBits} bits into ${outputCount(shape)} outputs, the order asks for ${order.features} of ${order.inputBits} bits into ${outputs}`,
          "Import the network with the encoding of the order: `zkcmp network import --order`.",
        );
      }
      const limits = {
        minimumRows: options.minimumRows,
        ...(options.advertisedAccuracy === undefined ? {} : { advertisedAccuracy: options.advertisedAccuracy }),
        ...(options.advertisedRmse === undefined
          ? {}
          : { advertisedError: (options.advertisedRmse * (encoding?.target?.scale ?? 1)) ** 2 }),
        ...(options.maximumBits === undefined ? {} : { maximumBits: options.maximumBits }),
      };
      // sealSale checks it as well; before a circuit is compiled a refusal costs no time.
      checkDisclosure(order, limits, await expectedDisclosure(session.journal, modelDigest(network), orderHash(order)));
      const modelSalt = options.modelSalt === undefined ? undefined : await readModelSalt(options.modelSalt);
      const committed = modelSalt !== undefined;
      const plan = { proofSystem: options.proofSystem, shape, committed };
      const proofSystem = await proofSystemFor(session, order, plan, options.provingKey);
      session.output.progress("sealing");
      const record = await sealSale(session.journal, {
        signedOrder,
        network,
        networkPath: resolve(networkPath),
        proofSystem,
        limits,
        modelSalt,
      });
      const hash = orderHash(order);
      session.output.result(
        {
          orderHash: hash,
          core: fieldToHex(coreDigest(record.core)),
          keyCommitment: fieldToHex(record.core.keyCommitment),
          shape: shapeId(shape),
          parameters: parameterCount(shape),
          ciphertextWords: record.ciphertext.length,
          proofSystem: record.core.proofSystem,
          keyFiles: record.core.keyFiles,
          modelCommitment: committed ? fieldToHex(record.core.modelCommitment) : null,
        },
        [
          `Sealed ${shapeId(shape)} (${parameterCount(shape)} parameters) for the order ${hash}, to be proven with ${record.core.proofSystem}.`,
          `The buyer ${order.buyer} offers ${formatPrice(order.price, order.token)} for ${order.predicate === "accuracy" ? `${order.threshold} of ${order.rows} rows` : `squared errors of at most ${order.errorBound} squared target digits over ${order.rows} rows`}.`,
          ...(committed
            ? [`The model commitment M is ${fieldToHex(record.core.modelCommitment)}; the proof will open it.`]
            : []),
          `The key lies in ${session.options.home}: without it nobody can redeem, so keep that folder.`,
          `Next: zkcmp offer ${orderPath}`,
        ],
      );
    });
}
