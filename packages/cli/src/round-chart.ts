import type { RoundStatus } from "@zkcmp/chain/rounds/round-status";
import type { Address } from "@zkcmp/sale/order";
import type { BarChart } from "./bar-chart.ts";
import { formatPrice } from "./price.ts";

/** Shapley values and rewards of a round as bars. Values are shares of what all data together are worth. */
export function roundChart(
  { providers, stored, equal }: Pick<RoundStatus, "providers" | "stored" | "equal">,
  token: Address,
  options: { readonly title: string; readonly labels?: readonly string[] | undefined },
): BarChart {
  const values = providers.map(({ value }) => value ?? 0n);
  const total = values.reduce((sum, value) => sum + value, 0n);
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
              title: "Shapley value, share of all",
              tone: "value" as const,
              // Shares of a total that is not positive would turn the bars around.
              bars: values.map((value) => {
                const part = share(value, total > 0n ? total : 1n + largest(values));
                return { value: part, text: total > 0n ? `${(100 * part).toFixed(1)} %` : `${value}` };
              }),
            },
          ]
        : []),
      {
        title: "reward",
        tone: "reward" as const,
        bars: providers.map(({ earned }) => ({
          value: share(earned ?? 0n, stored.pool),
          text: formatPrice(earned ?? 0n, token).replace(/ smallest units of the token .*/, ""),
        })),
      },
    ],
  };
}

function largest(values: readonly bigint[]): bigint {
  return values.reduce((most, value) => (value > most ? value : -value > most ? -value : most), 0n);
}
