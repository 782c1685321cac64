import { bytesToInteger, FIELD_BYTES, FIELD_ORDER, type FieldElement } from "@zkcmp/field/element";
import { randomBytes } from "@noble/hashes/utils.js";

/** Where blindings and masks come from. */
export interface RandomSource {
  /** `count` independent elements, each uniform in [0, r), zero included. */
  elements(count: number): FieldElement[];
}

/**
 * The system's generator. Each candidate is uniform in [0, 2^254) and drawn again unless it is below r: uniform without
 * any remainder, which perfect zero knowledge takes literally.
 */
export const systemRandomness: RandomSource = {
  elements: (count) =>
    Array.from({ length: count }, () => {
      for (;;) {
        const candidate = bytesToInteger(randomBytes(FIELD_BYTES)) >> 2n;
        if (candidate < FIELD_ORDER) return candidate as FieldElement;
      }
    }),
};
