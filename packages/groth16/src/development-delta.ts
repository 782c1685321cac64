import type { G2Point } from "./points.ts";

/**
 * The delta of every development key: anyone can compute the scalar behind it and forge proofs under such a key, so
 * verifiers refuse this point except on development chains. It identifies the key whatever its file is called.
 */
export const DEVELOPMENT_DELTA: G2Point = {
  x: [0n, 0n],
  y: [0n, 0n],
};
