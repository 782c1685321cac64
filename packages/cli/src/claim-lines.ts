import type { SampledClaim } from "@zkcmp/sale/sampling";
import { percent } from "./score-lines.ts";

/** What a sampled deal states: never "at least T", but T' of n but for a small probability of error. */
export function claimLines(claims: readonly SampledClaim[], rows: number, sampledRows: number): string[] {
  if (claims.length === 0) return [];
  return [
    `Of these rows ${sampledRows} are drawn and proven. That states:`,
    ...claims.map(
      ({ atLeast, error }) =>
        `  at least ${atLeast} of ${rows} right (${percent(atLeast / rows)}), wrong with a probability of at most ${formatError(error)}`,
    ),
  ];
}

function formatError(error: number): string {
  const exponent = Math.log2(error);
  return Number.isInteger(exponent) ? `2^${exponent}` : `${error * 100} %`;
}
