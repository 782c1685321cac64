import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reduce } from "@zkcmp/field/element";
import { createGroth16, SALE_PROOF_BYTES } from "@zkcmp/groth16/proof-system";
import { saleCircuit } from "@zkcmp/groth16/sale-circuit";
import { developmentKey } from "@zkcmp/groth16/circuit-key";
import { score } from "@zkcmp/network/score";
import { sliceTestSet } from "@zkcmp/network/testset";
import { createX25519KeyPair } from "@zkcmp/sale/buyer-key";
import type { Core } from "@zkcmp/sale/core";
import { ETHER, type Order, orderHash, ZERO_DIGEST } from "@zkcmp/sale/order";
import { sealNetwork } from "@zkcmp/sale/seal";
import { saleStatement } from "@zkcmp/sale/statement";
import { commitTestSet, createTestSetSalt } from "@zkcmp/sale/test-set-commitment";
import { ownDigits } from "../demo/data.ts";
import { demoModel } from "../demo/model.ts";
import { type Measure, spread, timed } from "./figure.ts";

const ROWS = 64;

export const proofMeasures: readonly Measure[] = [
  {
    ids: ["sale.prove.demo", "sale.verify.demo", "sale.proofBytes"],
    run: async () => {
      const folder = await mkdtemp(join(tmpdir(), "zkcmp-bench-"));
      try {
        const data = ownDigits();
        const { network } = await demoModel(data);
        const testSet = sliceTestSet(data.heldOut, 0, ROWS);
        const threshold = score(network, testSet).right;
        const circuit = saleCircuit(network.shape, ROWS);
        const trustStore = join(folder, "trusted-keys.json");
        const key = await developmentKey(circuit, trustStore);
        const proofSystem = createGroth16({ circuit, key, trustStore, development: true, zkeyPath: key.zkeyPath });

        const salt = createTestSetSalt();
        const order: Order = {
          chainId: 31337,
          escrow: ETHER,
          buyer: ETHER,
          token: ETHER,
          price: 1n,
          fundableUntil: 1,
          timeToRedeem: 7200,
          testSetCommitment: commitTestSet(testSet, salt),
          rows: ROWS,
          features: testSet.rows[0]!.length,
          predicate: "accuracy",
          classes: testSet.classes,
          threshold,
          errorBound: 0n,
          inputBits: testSet.inputBits,
          encodingDigest: ZERO_DIGEST,
          sampledRows: 0,
          nonceCommitment: ZERO_DIGEST,
          buyerKey: createX25519KeyPair().publicKey,
          salt: ZERO_DIGEST,
        };
        const { seal, secrets } = sealNetwork(network, order);
        const { ciphertext, ...commitments } = seal;
        const core: Core = {
          ...commitments,
          orderHash: orderHash(order),
          shape: network.shape,
          scales: network.scales,
          reading: null,
          testSetCommitment: order.testSetCommitment,
          rows: ROWS,
          predicate: "accuracy",
          threshold,
          errorBound: 0n,
          sampledRows: 0,
          proofSystem: "groth16",
          keyFiles: proofSystem.keyFiles,
          modelCommitment: reduce(0n),
        };
        const statement = saleStatement(core, reduce(1n), ciphertext, testSet);
        const witness = { network, secrets };
        const proof = await proofSystem.prove(statement, witness);
        const proving = await timed(5, () => proofSystem.prove(statement, witness));
        const verifying = await timed(20, () => proofSystem.verify(statement, proof));
        const note = `${circuit.name}, in process, warm`;
        return [
          {
            id: "sale.prove.demo",
            unit: "s",
            bar: 10,
            ...spread(proving),
            note: `${note}; witness and a last verification included`,
          },
          { id: "sale.verify.demo", unit: "s", bar: 0.05, ...spread(verifying), note },
          { id: "sale.proofBytes", value: SALE_PROOF_BYTES, unit: "bytes", bar: null, note: "256 and the challenge" },
        ];
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  },
];
