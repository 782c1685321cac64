import { ETHER } from "@zkcmp/sale/ether";
import type { Address } from "@zkcmp/sale/order";
import { ETHER_DECIMALS, formatPrice, formatUnits } from "@zkcmp/sale/price";
import type { BarChart } from "./bar-chart.ts";
import type { RoundStatus } from "./round-status.ts";

/** Shapley values and rewards of a round as bars. Values are shares of the sum of the positive ones, which share the pool. */
export function roundChart(
  { providers, stored, equal }: Pick<RoundStatus, "providers" | "stored" | "equal">,
  token: Address,
  options: { readonly title: string; readonly labels?: readonly string[] | undefined },
): BarChart {
  const values = providers.map(({ value }) => value ?? 0n);
  const positive = values.reduce((sum, value) => (value > 0n ? sum + value : sum), 0n);
  // Where nobody helped, the largest loss is the measure.
  const whole = positive > 0n ? positive : values.reduce((most, value) => (-value > most ? -value : most), 0n);
  const isValued = providers.some(({ value }) => value !== null);
  const share = (value: bigint, whole: bigint): number =>
    whole === 0n ? 0 : Number((1_000_000n * value) / whole) / 1e6;
  return {
    title: options.title,
    subtitle:
      `Pool ${formatPrice(stored.pool, token)}` +
      (equal === true ? ", split equally" : ", split by the positive values") +
      (isValued ? "" : "; no values were proven"),
    labels: providers.map(({ payee, slot }) => options.labels?.[slot] ?? `${payee.slice(0, 8)}…${payee.slice(-4)}`),
    panels: [
      ...(isValued
        ? [
            {
              title: "Shapley value (positive ones: 100 %)",
              tone: "value" as const,
              bars: values.map((value) => {
                const part = share(value, whole);
                return { value: part, text: `${(100 * part).toFixed(1)} %` };
              }),
            },
          ]
        : []),
      {
        title: "reward",
        tone: "reward" as const,
        bars: providers.map(({ earned }) => ({
          value: share(earned ?? 0n, stored.pool),
          text: shortPrice(earned ?? 0n, token),
        })),
      },
    ],
  };
}

/** An amount for the eye: ether to six decimals, tokens in their smallest units. */
function shortPrice(amount: bigint, token: Address): string {
  return token === ETHER ? `${Number(formatUnits(amount, ETHER_DECIMALS)).toFixed(6)} ether` : `${amount}`;
}
