import type { FieldElement } from "@zkcmp/field/element";
import { CanonicalEncoder } from "@zkcmp/field/encoding";
import type { TestSet } from "@zkcmp/network/testset";
import { type Core, coreDigest } from "./core.ts";
import { encodeRows } from "./test-set-commitment.ts";

/**
 * What a proof shows, for this one deal: the ciphertext of the core, opened with the keys behind E and S, keeps the core's
 * predicate. Accuracy: it is right on at least `threshold` of the rows. Squared error: its errors on the rows, which are
 * all rows, keep the core's bound. If the core's M is not 0, M commits to the same
 * parameters. What shape they have and how their output reads, the core says.
 */
export interface SaleStatement {
  readonly core: Core;
  readonly coreDigest: FieldElement;
  readonly dealId: FieldElement;
  readonly ciphertext: readonly FieldElement[];
  /** The rows that are proven: the whole test set, or the drawn rows in drawing order. */
  readonly provenRows: TestSet;
  /**
   * Digest of the proven rows, their labels, their places in the test set and the threshold. {@link saleStatement} makes it, from
   * what `verifyBundle` has checked; proof systems bind proofs to it, and cannot make it again without the places.
   */
  readonly rowsDigest: FieldElement;
  /** Of the proven rows this many must be right: T, or m where the rows were drawn; 0 for squared error. */
  readonly threshold: number;
}

/**
 * @param testSet the whole test set D
 * @param drawn places of the drawn rows in drawing order; undefined proves all rows
 */
export function saleStatement(
  core: Core,
  dealId: FieldElement,
  ciphertext: readonly FieldElement[],
  testSet: TestSet,
  drawn?: readonly number[],
): SaleStatement {
  const places = drawn ?? Array.from(testSet.rows.keys());
  const provenRows: TestSet =
    drawn === undefined
      ? testSet
      : {
          ...testSet,
          rows: places.map((place) => testSet.rows[place]!),
          labels: Uint16Array.from(places, (place) => testSet.labels[place]!),
        };
  const threshold = drawn === undefined ? core.threshold : drawn.length;
  const encoder = new CanonicalEncoder("zkcmp/proven-rows/v1").unsigned(threshold, 4).unsigned(places.length, 4);
  for (const place of places) encoder.unsigned(place, 4);
  encodeRows(encoder, provenRows.rows, provenRows.labels);
  return {
    core,
    coreDigest: coreDigest(core),
    dealId,
    ciphertext,
    provenRows,
    rowsDigest: encoder.digestToField(),
    threshold,
  };
}
