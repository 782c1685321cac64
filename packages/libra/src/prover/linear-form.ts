import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import type { FieldVector, Kernels } from "@zkcmp/field/kernels/kernels";
import type { OpeningGenerators } from "../generators.ts";
import type { Halving, LinearFormProof } from "../linear-form.ts";
import type { Transcript } from "../transcript.ts";
import { drawFormChallenge, drawHalvingChallenge, drawMaskChallenge } from "../verifier/linear-form.ts";
import type { RandomSource } from "./random-source.ts";

/** The opening of P = <values, generators> + blinding H. */
export interface LinearFormWitness {
  /** As long as the generators' vector, a multiple of 2^halvings. */
  readonly values: FieldVector;
  readonly blinding: FieldElement;
}

/**
 * Proves that the form has its value for the committed vector: the prover's end of verifier/linear-form.ts, which says
 * what is computed and why.
 *
 * Generators are never folded: that takes a scalar multiplication for each, while the same challenges multiplied into
 * the scalars leave one sum of products (L) over the right halves of all blocks and one (R) over the left halves.
 * Nothing is checked here: of a false statement this makes a proof that is refused.
 */
export function proveLinearForm(
  kernels: Kernels,
  random: RandomSource,
  transcript: Transcript,
  generators: OpeningGenerators,
  form: FieldVector,
  witness: LinearFormWitness,
  halvings: number,
): LinearFormProof {
  return kernels.scope(() => {
    const { length } = witness.values;
    const masked = kernels.fromField(random.elements(length));
    const [maskBlinding] = random.elements(1) as [FieldElement];
    const first = kernels.scope(() => {
      const scalars = kernels.zeros(length + 1);
      kernels.addScaled(scalars, reduce(1n), masked);
      kernels.write(scalars, length, 1, [maskBlinding]);
      const points = kernels.concatPoints([generators.vector, generators.blinding]);
      return kernels.compress(kernels.fromPoints([kernels.multiScalar(points, scalars)]));
    });
    const formValue = kernels.innerProduct(form, masked);
    const e = drawMaskChallenge(transcript, first, formValue);
    kernels.addScaled(masked, e, witness.values);
    const blinding = reduce(maskBlinding + e * witness.blinding);
    const c = drawFormChallenge(transcript, blinding);

    const points = kernels.concatPoints([generators.vector, generators.form]);
    const steps: Halving[] = [];
    const challenges: FieldElement[] = [];
    let values = masked;
    let weights = kernels.copy(form);
    for (let step = 0; step < halvings; step++) {
      const half = values.length / 2;
      const [left, right] = [0, 1].map((side) =>
        kernels.scope(() => {
          // Block b of the original generators has been folded with tensor[b]; this side's values meet the other side's generators.
          const tensor = kernels.toField(kernels.equality(challenges));
          const own = kernels.view(values, side * half, half);
          const other = kernels.view(weights, (1 - side) * half, half);
          const scalars = kernels.zeros(length / 2 + 1);
          const indices = new Uint32Array(length / 2 + 1);
          for (const [block, factor] of tensor.entries()) {
            kernels.addScaled(kernels.view(scalars, block * half, half), factor, own);
            const start = (2 * block + 1 - side) * half;
            for (let i = 0; i < half; i++) indices[block * half + i] = start + i;
          }
          indices[length / 2] = length;
          kernels.write(scalars, length / 2, 1, [multiply(c, kernels.innerProduct(own, other))]);
          const sum = kernels.multiScalar(kernels.selectPoints(points, indices), scalars);
          return kernels.compress(kernels.fromPoints([sum]));
        }),
      ) as [Uint8Array, Uint8Array];
      const halving = { left, right };
      const r = drawHalvingChallenge(transcript, halving);
      steps.push(halving);
      challenges.push(r);
      values = kernels.fold(values, half, reduce(1n - r));
      weights = kernels.fold(weights, half, r);
    }
    return { first, formValue, blinding, halvings: steps, rest: kernels.toField(values) };
  });
}
