// npm run circuits: compiles every target of circuits/circuits.json into build/circuits and says how large it is, or finds it compiled.
import { compileNamedCircuit, type NamedCircuit } from "@zkcmp/groth16/circuit-compilation";
import { SALE_TARGETS } from "@zkcmp/groth16/public-signals";
import { saleCircuit, saleConstraints } from "@zkcmp/groth16/sale-circuit";
import { SHAPLEY_ROUND_TARGETS, TRAINING_TARGETS } from "@zkcmp/shapley/public-signals";
import { roundCircuit, roundConstraints } from "@zkcmp/shapley/round-circuit";
import { parseRoundShape } from "@zkcmp/shapley/round-shape";
import { int8Shape } from "../bench/int8-shape.ts";

async function compile(label: string, circuit: NamedCircuit, constraints: number): Promise<void> {
  const { folder, cached } = await compileNamedCircuit(circuit);
  console.log(`${label}: ${constraints} constraints, ${cached ? "was compiled" : "compiled"} in ${folder}`);
}

for (const { name, widths, rows } of SALE_TARGETS) {
  const circuit = saleCircuit(int8Shape(widths), rows);
  await compile(`${name}: ${widths.join("-")}, ${rows} rows`, circuit, saleConstraints(circuit).total);
}
for (const { name, shape } of [...TRAINING_TARGETS, ...SHAPLEY_ROUND_TARGETS]) {
  const { providers, rows, features, validationRows } = shape;
  const label = `${name}: ${providers} x ${rows} rows of ${features} features, ${validationRows} validation rows`;
  await compile(label, roundCircuit(parseRoundShape(shape)), roundConstraints(shape).total);
}
