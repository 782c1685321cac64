import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SALE_PROOF_BYTES } from "@zkcmp/groth16/proof-check";
import { createGroth16 } from "@zkcmp/groth16/proof-system";
import { saleCircuit } from "@zkcmp/groth16/sale-circuit";
import { developmentKey } from "@zkcmp/groth16/circuit-key";
import { sliceTestSet } from "@zkcmp/network/testset";
import { ownDigits } from "../demo/data.ts";
import { demoModel } from "../demo/model.ts";
import { type Measure, spread, timed } from "./figure.ts";
import { saleCase } from "./sale-case.ts";

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
        const circuit = saleCircuit(network.shape, ROWS);
        const trustStore = join(folder, "trusted-keys.json");
        const key = await developmentKey(circuit, trustStore);
        const proofSystem = createGroth16({ circuit, key, trustStore, development: true, zkeyPath: key.zkeyPath });

        const { statement, witness } = await saleCase(network, testSet, proofSystem);
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
