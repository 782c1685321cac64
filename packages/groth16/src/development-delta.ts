import type { G2Point } from "./points.ts";

/**
 * The delta of every development key: anyone can compute the scalar behind it and forge proofs under such a key, so
 * verifiers refuse this point except on development chains. It marks the key whatever its file is called.
 */
export const DEVELOPMENT_DELTA: G2Point = {
  x: [
    16155052010696531424216960951342920509270860744530580883242722099017548555027n,
    3232375327939757812850864863961018097667741727466978688320103202808070333774n,
  ],
  y: [
    670893114914719802903729341562972680644600465523992400131699911690317764561n,
    9226702941655706758074547663757006953977024967343838099881253187674481678547n,
  ],
};
