/** A share from 0 to 1 in per cent. */
export function formatPercent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
