/** A seeded source of random numbers, so that a demo can be repeated. Never use it for anything secret. */
export interface Random {
  /** Uniform in [0, 1). */
  readonly uniform: () => number;
  /** Uniform in [low, high). */
  readonly between: (low: number, high: number) => number;
  /** Normal with mean 0 and deviation 1. */
  readonly normal: () => number;
  /** A new array in random order. */
  readonly shuffled: <T>(values: readonly T[]) => T[];
}

/**
 * @param seed any integer; only its lower 32 bits count
 * The generator is SplitMix (G. L. Steele et al., "Fast splittable pseudorandom number generators", 2014) on 32 bits.
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number): number => low + (high - low) * uniform();
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const shuffled = <T>(values: readonly T[]): T[] => {
    const order = [...values];
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(between(0, i + 1));
      [order[i], order[j]] = [order[j] as T, order[i] as T];
    }
    return order;
  };
  return { uniform, between, normal, shuffled };
}
