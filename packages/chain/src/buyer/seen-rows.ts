import { ZkcmpError } from "@zkcmp/field/error";
import { type TestSet, testSetFromJson } from "@zkcmp/network/testset";
import type { Hex } from "@zkcmp/sale/hex";
import type { Journal } from "../journal.ts";
import { rowDigests } from "./test-set-digest.ts";

/** The largest share of a test set that may have been revealed before: real data repeat a row now and then. */
export const SEEN_SHARE_LIMIT = 0.05;

/** Too many of the rows are known to sellers of earlier deals, who can make a model that only knows them. */
export class SeenRowsError extends ZkcmpError {
  constructor(seen: number, rows: number) {
    super(
      `${seen} of the ${rows} test rows were revealed to earlier deals`,
      `Take fresh rows: at most ${100 * SEEN_SHARE_LIMIT} % may have been seen before.`,
    );
  }
}

/**
 * Refuses a test set of which sellers have seen too much: one D serves one deal, and D less a few rows is the same D.
 * @param orderHash the order that the test set is for; what its own deal has seen does not count
 * @throws {SeenRowsError} above {@link SEEN_SHARE_LIMIT}
 */
export async function requireUnseenRows(journal: Journal, testSet: TestSet, orderHash: Hex): Promise<void> {
  const seen = new Set<Hex>();
  for (const other of await journal.purchases()) {
    const purchase = await journal.findPurchase(other);
    if (other === orderHash || purchase?.revealed === undefined) continue;
    const text = await journal.kept(purchase.testSet.file, "a test set that was revealed");
    for (const digest of rowDigests(testSetFromJson(JSON.parse(text), "The test set"))) seen.add(digest);
  }
  const count = rowDigests(testSet).filter((digest) => seen.has(digest)).length;
  if (count > SEEN_SHARE_LIMIT * testSet.rows.length) throw new SeenRowsError(count, testSet.rows.length);
}
