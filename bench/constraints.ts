import { parameterCount, type NetworkShape } from "@zkcmp/network/shape";
import { compileCircuit } from "@zkcmp/groth16/compile";
import { readR1cs } from "@zkcmp/groth16/r1cs";
import { saleCircuit, saleConstraints } from "@zkcmp/groth16/sale-circuit";
import { CIRCUIT_FOLDERS, compileNamedCircuit, DEFAULT_BUILD_FOLDER } from "@zkcmp/groth16/circuit-compilation";
import type { Measure } from "./figure.ts";
import { int8Shape } from "./int8-shape.ts";

async function compiledConstraints(shape: NetworkShape, rows: number): Promise<number> {
  const compiled = await compileNamedCircuit(saleCircuit(shape, rows));
  return (await readR1cs(compiled.r1csPath)).constraintCount;
}

export const constraintMeasures: readonly Measure[] = [
  {
    ids: ["sale.constraints.784-32-10"],
    run: async () => [
      {
        id: "sale.constraints.784-32-10",
        value: await compiledConstraints(int8Shape([784, 32, 10]), 86),
        unit: "constraints",
        bar: 400_000,
        note: "compiled; 25,450 parameters, 86 rows",
      },
    ],
  },
  {
    ids: ["sale.constraints.perRow.196-25-10"],
    run: async () => {
      const circuit = saleCircuit(int8Shape([196, 25, 10]), 86);
      const compiled = await compiledConstraints(circuit.shape, circuit.rows);
      const perRow = (compiled - saleConstraints(circuit).once) / circuit.rows;
      const published = 18_075;
      return [
        {
          id: "sale.constraints.perRow.196-25-10",
          value: perRow,
          unit: "constraints",
          bar: 1_250,
          peer: { name: "circomlib-ml, one row, published", version: "zkml-benchmark", value: published },
          ratio: published / perRow,
          note: "compiled with 86 rows; the challenge's hash is spread over them",
        },
      ];
    },
  },
  {
    ids: ["sale.constraints.perWeight"],
    run: async () => {
      const parameters = parameterCount(int8Shape([784, 32, 10]));
      const unseal = [
        "pragma circom 2.2.3;",
        'include "sealing/unseal.circom";',
        `component main {public [ciphertext]} = Unseal(${parameters}, 8);`,
      ];
      const compiled = await compileCircuit(
        { name: "unseal", main: unseal.join("\n"), includes: CIRCUIT_FOLDERS },
        { buildFolder: `${DEFAULT_BUILD_FOLDER}/circuits` },
      );
      return [
        {
          id: "sale.constraints.perWeight",
          value: (await readR1cs(compiled.r1csPath)).constraintCount / parameters,
          unit: "constraints",
          bar: 9.6,
          note: `compiled; decryption and range check of ${parameters} int8 parameters`,
        },
      ];
    },
  },
];
