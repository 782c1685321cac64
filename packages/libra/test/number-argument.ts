import { type FieldElement, reduce } from "@zkcmp/field/element";
import type { Kernels } from "@zkcmp/field/kernels/kernels";
import type { Argument } from "../src/argument.ts";
import { known } from "../src/affine-form.ts";
import type { ProverProtocol } from "../src/prover/argument.ts";
import { proveDenseRelation } from "../src/prover/dense-relation.ts";
import type { TableValues } from "../src/table.ts";
import type { VerifierProtocol } from "../src/verifier/argument.ts";
import { verifyDenseRelation } from "../src/verifier/dense-relation.ts";

/** As many numbers as one commitment row holds. */
export const NUMBERS = 64;

/** The smallest argument: one secret row of numbers. */
export function numberArgument(digest: Uint8Array = new Uint8Array()): Argument {
  const wide = Array.from({ length: NUMBERS }, (_, slot) => slot);
  return { name: "numbers", tables: [{ name: "numbers", copies: 1, slots: NUMBERS, wide }], digest };
}

export function numberTable(numbers: readonly FieldElement[]): TableValues {
  return { bits: new Uint8Array(NUMBERS), wide: numbers.map((number) => [number]) };
}

const ROW = { copies: 1, columns: NUMBERS };

/** The sum of weights[i] * number i is `sum`. */
export function verifyWeightedSum(
  kernels: Kernels,
  weights: readonly FieldElement[],
  sum: FieldElement,
): VerifierProtocol {
  return (channel) => [
    { table: 0, ...verifyDenseRelation(kernels, channel, ROW, kernels.fromField(weights), known(sum), "weighted sum") },
  ];
}

/** The prover of {@link verifyWeightedSum}. Of a false sum it sends rounds that add up, and ends at a value that does not fit. */
export function proveWeightedSum(
  kernels: Kernels,
  weights: readonly FieldElement[],
  sum: FieldElement,
): ProverProtocol {
  return (channel, [table]) => {
    const vectors = [kernels.fromField(weights), table!.field()] as const;
    return [{ table: 0, ...proveDenseRelation(kernels, channel, ROW, ...vectors, sum, "weighted sum") }];
  };
}

export function weightedSum(weights: readonly FieldElement[], numbers: readonly FieldElement[]): FieldElement {
  return reduce(weights.reduce((sum, weight, i) => sum + weight * numbers[i]!, 0n));
}
