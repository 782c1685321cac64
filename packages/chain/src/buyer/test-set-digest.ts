import { CanonicalEncoder } from "@zkcmp/field/encoding";
import type { TestSet } from "@zkcmp/network/testset";
import { type Hex, toHex } from "@zkcmp/sale/hex";
import { encodeRows } from "@zkcmp/sale/test-set-commitment";

/** Names each row of a test set, without its label. */
export function rowDigests(testSet: TestSet): Hex[] {
  return testSet.rows.map((row) => {
    const encoder = new CanonicalEncoder("zkcmp/test-set-row/v1");
    encodeRows(encoder, [row], Uint16Array.of(0));
    return toHex(encoder.digest());
  });
}

/**
 * Names the rows of a test set, without salt, labels and order, so that rows which were revealed once are known
 * again in another order.
 */
export function testSetDigest(testSet: TestSet): Hex {
  const digests = rowDigests(testSet);
  return toHex(new CanonicalEncoder("zkcmp/test-set-rows/v1").text(digests.sort().join()).digest());
}
