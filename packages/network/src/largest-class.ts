import type { TestSet } from "./testset.ts";

/** The share of the most frequent label: what always answering it would score. */
export function largestClassShare({ labels, classes }: TestSet): number {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]! += 1;
  return Math.max(...counts) / labels.length;
}
