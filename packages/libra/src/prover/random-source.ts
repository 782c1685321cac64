import { bytesToInteger, FIELD_BYTES, FIELD_ORDER, type FieldElement } from "@zkcmp/field/element";
import { randomBytes } from "@noble/hashes/utils.js";

/** Where blindings and masks come from. */
export interface RandomSource {
  /** `count` independent elements, each uniform in [0, r), zero included. */
  elements(count: number): FieldElement[];
}

/** Candidates drawn at once: the system's generator gives at most 65,536 bytes. */
const BATCH = 1024;

/**
 * The system's generator. Each candidate is uniform in [0, 2^254) and drawn again unless it is below r: uniform without
 * any remainder, which perfect zero knowledge takes literally.
 */
export const systemRandomness: RandomSource = {
  elements(count) {
    const elements: FieldElement[] = [];
    while (elements.length < count) {
      const candidates = Math.min(BATCH, count - elements.length);
      const bytes = randomBytes(FIELD_BYTES * candidates);
      for (let i = 0; i < candidates; i++) {
        const candidate = bytesToInteger(bytes.subarray(FIELD_BYTES * i, FIELD_BYTES * (i + 1))) >> 2n;
        if (candidate < FIELD_ORDER) elements.push(candidate as FieldElement);
      }
    }
    return elements;
  },
};
