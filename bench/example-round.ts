import { randomFieldElement } from "@zkcmp/field/element";
import { roundBounds } from "@zkcmp/shapley/bounds";
import type { RoundInput } from "@zkcmp/shapley/round-solution";
import type { RoundShape } from "@zkcmp/shapley/round-shape";
import type { Samples } from "@zkcmp/shapley/samples";
import { seededRandom } from "../demo/random.ts";

/** A full round of a shape: a noisy linear relation, whose size does not matter for how long a proof takes. */
export function exampleRound(shape: RoundShape): RoundInput {
  const random = seededRandom(1);
  const largest = 2 ** shape.dataBits - 1;
  const samples = (rows: number): Samples => ({
    rows: Array.from({ length: rows }, () => {
      const features = Array.from({ length: shape.features }, () => Math.floor(random.between(0, largest)));
      const mean = features.reduce((sum, digit) => sum + digit, 0) / features.length;
      const target = Math.round(mean / 2 + random.between(0, largest / 2));
      return Uint16Array.from([...features, ...new Array<number>(shape.outputs).fill(target)]);
    }),
  });
  return {
    roundId: 1n,
    ridgeBits: roundBounds(shape).maxRidgeBits,
    providers: Array.from({ length: shape.providers }, (_, i) => ({
      payee: BigInt(i + 1),
      salt: randomFieldElement(),
      samples: samples(shape.rows),
    })),
    modelSalt: randomFieldElement(),
    validation: { salt: randomFieldElement(), samples: samples(Math.max(1, shape.validationRows)) },
  };
}

/** The shape that circuits.json names a target. */
export function targetShape(
  targets: readonly { readonly name: string; readonly shape: RoundShape }[],
  wanted: string,
): RoundShape {
  return targets.find(({ name }) => name === wanted)!.shape;
}
