import { FIELD_ORDER, type FieldElement, toFieldElement } from "@zkcmp/field/element";
import fc from "fast-check";

/** Elements of F_r: 0, 1, r - 1 and uniform ones. */
export const fieldElement: fc.Arbitrary<FieldElement> = fc
  .oneof(
    { weight: 1, arbitrary: fc.constantFrom(0n, 1n, FIELD_ORDER - 1n) },
    { weight: 4, arbitrary: fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }) },
  )
  .map((value) => toFieldElement(value));
