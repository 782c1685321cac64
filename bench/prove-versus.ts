// node bench/prove-versus.ts RUNS FOLDER: a process of its own. Proves the statement of the folder (bench-network.ts) with
// Groth16 and with Libra, in turn, and writes what it took as one line of JSON. Circuit and key are made before that, unless build/ has them.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { developmentKey } from "@zkcmp/groth16/circuit-key";
import { createGroth16 } from "@zkcmp/groth16/proof-system";
import { saleCircuit, saleConstraints } from "@zkcmp/groth16/sale-circuit";
import { createLibra } from "@zkcmp/libra/proof-system";
import { readNetworkFolder } from "./bench-network.ts";
import { spread } from "./figure.ts";
import type { VersusRun } from "./libra.ts";
import { START } from "./measured-process.ts";
import { type SaleCase, saleCase } from "./sale-case.ts";

const [runs, folder] = process.argv.slice(2);
const trust = await mkdtemp(join(tmpdir(), "zkcmp-bench-"));
try {
  const { network, rows } = await readNetworkFolder(folder!);
  const circuit = saleCircuit(network.shape, rows.rows.length);
  const trustStore = join(trust, "trusted-keys.json");
  const key = await developmentKey(circuit, trustStore);
  const groth16 = createGroth16({ circuit, key, trustStore, development: true, zkeyPath: key.zkeyPath });
  const libra = createLibra();
  const forGroth16 = await saleCase(network, rows, groth16);
  const forLibra = await saleCase(network, rows, libra);

  /** Witness and proof alone: neither hashing the key file and the circuit before, nor verifying the proof after. */
  async function groth16Seconds({ statement, witness }: SaleCase): Promise<number> {
    let begun = 0;
    let ended = 0;
    await groth16.prove(statement, witness, (step) => {
      if (step === "witness") begun = performance.now();
      if (step === "verify") ended = performance.now();
    });
    return (ended - begun) / 1000;
  }
  async function libraSeconds({ statement, witness }: SaleCase): Promise<number> {
    const begun = performance.now();
    await libra.prove(statement, witness);
    return (performance.now() - begun) / 1000;
  }

  console.log(START);
  const seconds: { groth16: number[]; libra: number[] } = { groth16: [], libra: [] };
  for (let run = 0; run <= Number(runs); run++) {
    const pair = [await groth16Seconds(forGroth16), await libraSeconds(forLibra)] as const;
    if (run === 0) continue;
    seconds.groth16.push(pair[0]);
    seconds.libra.push(pair[1]);
  }
  const result: VersusRun = {
    constraints: saleConstraints(circuit).total,
    groth16: spread(seconds.groth16).value,
    libra: spread(seconds.libra).value,
  };
  console.log(JSON.stringify(result));
} finally {
  await rm(trust, { recursive: true, force: true });
}
process.exit(0);
