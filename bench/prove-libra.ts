// node bench/prove-libra.ts RUNS FOLDER...: a process of its own, so that its memory can be watched. Proves the statement of each
// folder (bench-network.ts) with Libra, in turn, and writes what it took as one line of JSON.
import { createLibra } from "@zkcmp/libra/proof-system";
import { readNetworkFolder } from "./bench-network.ts";
import type { LibraRun } from "./libra.ts";
import { saleCase } from "./sale-case.ts";

const [runs, ...folders] = process.argv.slice(2);
const libra = createLibra();
const measured: { prove: number[]; verify: number[]; proofBytes: number }[] = [];
const cases = [];
for (const folder of folders) {
  const { network, rows } = await readNetworkFolder(folder);
  cases.push(await saleCase(network, rows, libra));
  measured.push({ prove: [], verify: [], proofBytes: 0 });
}
for (let run = 0; run <= Number(runs); run++) {
  for (const [index, { statement, witness }] of cases.entries()) {
    const start = performance.now();
    const proof = await libra.prove(statement, witness);
    const proven = performance.now();
    await libra.verify(statement, proof);
    const own = measured[index]!;
    own.prove.push((proven - start) / 1000);
    own.verify.push((performance.now() - proven) / 1000);
    own.proofBytes = proof.length;
  }
}
const result: LibraRun[] = measured.map(({ prove, verify, proofBytes }) => ({
  cold: { prove: prove[0]!, verify: verify[0]! },
  prove: prove.slice(1),
  verify: verify.slice(1),
  proofBytes,
}));
console.log(JSON.stringify(result));
process.exit(0);
