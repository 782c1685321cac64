import type { Address } from "@zkcmp/sale/order";
import type { RoundShape } from "@zkcmp/shapley/round-shape";
import type { Samples } from "@zkcmp/shapley/samples";

/** What an owner can see at once in a provider's rows, without training on them. */
export interface SampleFacts {
  readonly rows: number;
  /** Rows that occur again among the provider's own. */
  readonly repeated: number;
  /** Share of digits at the ends of their range, where values were clipped. */
  readonly clipped: number;
  /** Digits' positions in a row, from 0, that never change. */
  readonly constant: readonly number[];
  /** Rows that other providers, whose disclosures were accepted, have as well. */
  readonly shared: readonly { readonly payee: Address; readonly rows: number }[];
}

/** @param others rows of the other providers of the round */
export function sampleFacts(
  shape: RoundShape,
  samples: Samples,
  others: readonly { readonly payee: Address; readonly samples: Samples }[],
): SampleFacts {
  const { rows } = samples;
  const own = new Set(rows.map(textOf));
  const largest = 2 ** shape.dataBits - 1;
  const digits = rows.flatMap((row) => [...row]);
  return {
    rows: rows.length,
    repeated: rows.length - own.size,
    clipped: digits.filter((digit) => digit === 0 || digit === largest).length / Math.max(1, digits.length),
    constant: rows.length < 2 ? [] : [...rows[0]!.keys()].filter((k) => rows.every((row) => row[k] === rows[0]![k])),
    shared: others
      .map(({ payee, samples: theirs }) => ({
        payee,
        rows: theirs.rows.filter((row) => own.has(textOf(row))).length,
      }))
      .filter((other) => other.rows > 0),
  };
}

function textOf(row: Uint16Array): string {
  return row.join();
}
