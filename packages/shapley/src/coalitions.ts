import { addGrams, emptyGram, type Gram } from "./gram.ts";
import { solveRidge } from "./ridge.ts";
import type { RoundShape } from "./round-shape.ts";
import type { Coefficients } from "./utility.ts";

/**
 * The Gram matrices of all coalitions, by bit mask: bit i stands for provider i.
 * @returns 2^providers entries; entry 0 is that of no rows
 */
export function coalitionGrams(shape: RoundShape, providers: readonly Gram[]): Gram[] {
  const grams = [emptyGram(shape)];
  for (const provider of providers) {
    // All masks below 2^i exist already; those with bit i are the same ones with provider i added.
    for (const gram of [...grams]) grams.push(addGrams(gram, provider));
  }
  return grams;
}

/**
 * The coefficients of every coalition by bit mask over all slots, a dense array of 2^shape.providers entries. Slots without a
 * provider change nothing. The empty coalition has no coefficients but zero.
 * @param providers at most shape.providers Gram matrices, slot by slot
 */
export function solveCoalitions(shape: RoundShape, ridgeBits: number, providers: readonly Gram[]): Coefficients[] {
  const thetas: Coefficients[] = coalitionGrams(shape, providers).map((gram) =>
    solveRidge(gram, ridgeBits, shape.fractionBits),
  );
  return Array.from({ length: 2 ** shape.providers }, (_, mask) => thetas[mask % thetas.length]!);
}
