import { formatSpan } from "@zkcmp/sale/time";

/** A positive whole number below 2^32 as it is written in a field; null if the text is none. */
export function countIn(text: string): number | null {
  const digits = text.trim();
  if (!/^[0-9]{1,10}$/.test(digits)) return null;
  const count = Number(digits);
  return count >= 1 && count < 2 ** 32 ? count : null;
}

/** A positive decimal number as it is written in a field; null if the text is none. */
export function numberIn(text: string): number | null {
  const digits = text.trim();
  if (!/^[0-9]+(?:\.[0-9]+)?$/.test(digits)) return null;
  const value = Number(digits);
  return value > 0 && Number.isFinite(value) ? value : null;
}

/** Rows from the first to the last, counted from 1, such as "1-200"; null if the text is no such range. */
export function rangeIn(text: string): { first: number; last: number } | null {
  const parts = /^\s*([0-9]{1,9})\s*[-–]\s*([0-9]{1,9})\s*$/.exec(text);
  if (parts === null) return null;
  const [first, last] = [Number(parts[1]), Number(parts[2])];
  return first >= 1 && first <= last ? { first, last } : null;
}

/** Spans of time for a choice. @param spans seconds */
export function durationOptions(spans: readonly number[]): { value: string; label: string }[] {
  return spans.map((span) => ({ value: String(span), label: formatSpan(span) }));
}
