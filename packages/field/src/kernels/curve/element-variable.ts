import { type Element, rangeOfLimbs } from "../element-emitter.ts";
import { TOP } from "../field-emitter.ts";
import { LIMB_BITS, LIMBS } from "../limbs.ts";
import type { FunctionEmitter, Variable64 } from "../wasm/function.ts";
import { intersection, requireInside, shiftedRight, unsigned } from "../wasm/interval.ts";

const TOP_SHIFT = LIMB_BITS * (LIMBS - 1);

/** All numbers that an element in memory can be. */
const STORED = { min: -TOP << BigInt(TOP_SHIFT), max: (TOP << BigInt(TOP_SHIFT)) - 1n };

/**
 * An element that changes in a loop, in locals. It is carried and never leaves the range of elements in memory: what is set is
 * checked at emission, so by induction it holds in every round. It starts as zero.
 */
export class ElementVariable {
  readonly #limbs: readonly Variable64[];

  constructor(f: FunctionEmitter) {
    this.#limbs = Array.from({ length: LIMBS }, (_, i) =>
      f.bounded(i < LIMBS - 1 ? unsigned(LIMB_BITS) : shiftedRight(STORED, TOP_SHIFT)),
    );
  }

  /** Its value at the moment of use. */
  get value(): Element {
    const limbs = this.#limbs.map(({ value }) => value);
    return { limbs, range: intersection(rangeOfLimbs(limbs), STORED) };
  }

  /** @throws {BoundsError} if the element is not carried or could be too large; its limbs must not depend on the old value's locals */
  set(element: Element): void {
    requireInside("an element in a loop", element.range, STORED);
    element.limbs.forEach((limb, i) => this.#limbs[i]!.set(limb));
  }
}
