// npm run circuits: compiles every target of circuits/circuits.json into build/circuits and says how large it is, or finds it compiled.
import { saleCircuit, saleConstraints } from "@zkcmp/groth16/sale-circuit";
import { compileNamedCircuit } from "@zkcmp/groth16/circuit-compilation";
import { SALE_TARGETS } from "@zkcmp/groth16/public-signals";
import { int8Shape } from "../bench/int8-shape.ts";

for (const { name, widths, rows } of SALE_TARGETS) {
  const circuit = saleCircuit(int8Shape(widths), rows);
  const { folder, cached } = await compileNamedCircuit(circuit);
  console.log(
    `${name}: ${widths.join("-")}, ${rows} rows, ${saleConstraints(circuit).total} constraints, ` +
      `${cached ? "was compiled" : "compiled"} in ${folder}`,
  );
}
