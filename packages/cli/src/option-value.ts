import { InvalidArgumentError } from "@commander-js/extra-typings";
import { FIELD_ORDER, type FieldElement, toFieldElement } from "@zkcmp/field/element";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import { getAddress } from "ethers";

/*
 * Parsers of option values. They throw commander's InvalidArgumentError, which names the option by itself.
 */

export function parseCount(text: string): number {
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || value < 1 || value > 2 ** 32 - 1) {
    throw new InvalidArgumentError("Give a positive integer.");
  }
  return value;
}

/** An account or contract; mixed case must have the right checksum (ERC-55). */
export function parseAddress(text: string): Address {
  try {
    return getAddress(text).toLowerCase() as Address;
  } catch {
    throw new InvalidArgumentError(
      "Give an address: 0x and 40 hexadecimal digits, with a right checksum if in mixed case.",
    );
  }
}

/** A deal's id, decimal or hexadecimal. */
export function parseDealId(text: string): FieldElement {
  if (/^(0x[0-9a-f]{1,64}|[0-9]{1,78})$/i.test(text)) {
    const value = BigInt(text);
    if (value < FIELD_ORDER) return toFieldElement(value);
  }
  throw new InvalidArgumentError("Give the deal's id as `zkcmp offer` printed it.");
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A span of time such as 90m, 6h or 2d. @returns seconds */
export function parseDuration(text: string): number {
  const match = /^([0-9]{1,6}(?:\.[0-9]{1,3})?)([smhd])$/.exec(text);
  const seconds = match === null ? 0 : Math.round(Number(match[1]) * SECONDS[match[2]!]!);
  if (seconds < 1) throw new InvalidArgumentError("Give a number and s, m, h or d, such as 6h.");
  return seconds;
}

/** A decimal number that is not negative, kept as text: its unit is known only with the token. */
export function parseAmount(text: string): string {
  if (!/^[0-9]+(\.[0-9]+)?(wei)?$/.test(text) || /\.[0-9]+wei$/.test(text) || /^[0.]+(wei)?$/.test(text)) {
    throw new InvalidArgumentError(
      "Give a positive decimal number such as 0.25, or whole smallest units such as 1000wei.",
    );
  }
  return text;
}

/** Bits of inputs, 1 to 16. */
export function parseInputBits(text: string): number {
  const bits = Number(text);
  if (!/^[0-9]+$/.test(text) || bits < 1 || bits > 16) throw new InvalidArgumentError("Give 1 to 16.");
  return bits;
}

/** Bits of weights, 2 to 16. */
export function parseWeightBits(text: string): number {
  const bits = Number(text);
  if (!/^[0-9]+$/.test(text) || bits < 2 || bits > 16) throw new InvalidArgumentError("Give 2 to 16.");
  return bits;
}

/** Bits of target digits, 2 to 16. */
export function parseTargetBits(text: string): number {
  const bits = Number(text);
  if (!/^[0-9]+$/.test(text) || bits < 2 || bits > 16) throw new InvalidArgumentError("Give 2 to 16.");
  return bits;
}

/** Rows from-to, both counted from 1 and included. */
export function parseRowRange(text: string): { first: number; last: number } {
  const match = /^([0-9]+)-([0-9]+)$/.exec(text);
  const [first, last] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || first < 1 || last < first)
    throw new InvalidArgumentError("Give the first and the last row, such as 1-2000.");
  return { first, last };
}

/** Numbers separated by commas, such as 0.5,-1. */
export function parseNumbers(text: string): number[] {
  const values = text.split(",").map(Number);
  if (text.trim() === "" || !values.every(Number.isFinite)) {
    throw new InvalidArgumentError("Give numbers separated by commas.");
  }
  return values;
}

/** The names of the classes in order; a number stands for 0 up to that number. */
export function parseClasses(text: string): string[] {
  const names = /^[0-9]+$/.test(text)
    ? Array.from({ length: Math.min(Number(text), 257) }, (_, label) => String(label))
    : text.split(",").map((name) => name.trim());
  if (names.length < 2 || names.length > 256 || names.includes("") || new Set(names).size !== names.length) {
    throw new InvalidArgumentError("Give 2 to 256 classes: their number, or different names separated by commas.");
  }
  return names;
}

/** A share between 0 and 1. */
export function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() === "" || !(share > 0 && share <= 1))
    throw new InvalidArgumentError("Give a number above 0, up to 1.");
  return share;
}

/** A share of a price as a percentage, such as 12.5%. @returns basis points, exactly, 1 to 9,999 */
export function parsePercent(text: string): number {
  const match = /^([0-9]{1,2})(?:\.([0-9]{1,2}))? ?%$/.exec(text.trim());
  const basisPoints = match === null ? 0 : 100 * Number(match[1]) + Number((match[2] ?? "").padEnd(2, "0"));
  if (basisPoints < 1) {
    throw new InvalidArgumentError("Give a percentage from 0.01% to 99.99% with at most two decimals, such as 12.5%.");
  }
  return basisPoints;
}

/** The power of two of a phase 1. */
export function parsePower(text: string): number {
  const power = Number(text);
  if (!/^[0-9]+$/.test(text) || power < 8 || power > 22) throw new InvalidArgumentError("Give 8 to 22.");
  return power;
}

/** A sum of squared errors: an integer below 2^64. */
export function parseErrorBound(text: string): bigint {
  if (!/^[0-9]{1,20}$/.test(text) || BigInt(text) >= 1n << 64n) {
    throw new InvalidArgumentError("Give an integer below 2^64.");
  }
  return BigInt(text);
}

/** A number above 0. */
export function parsePositive(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError("Give a number above 0.");
  }
  return value;
}

/** Names separated by commas. */
export function parseNames(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.includes("") || new Set(names).size !== names.length) {
    throw new InvalidArgumentError("Give different names separated by commas.");
  }
  return names;
}

/** An integer between two limits. */
export function parseIntegerFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^[0-9]+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`Give an integer from ${least} to ${most}.`);
    }
    return value;
  };
}

/** The declared range of a column, such as weight=1500..5500; collected from several options. */
export function parseRange(
  text: string,
  ranges: Readonly<Record<string, readonly [number, number]>> = {},
): Record<string, readonly [number, number]> {
  const match = /^(.+)=(.+)\.\.(.+)$/.exec(text);
  const [low, high] = [Number(match?.[2]), Number(match?.[3])];
  if (match === null || !Number.isFinite(low) || !Number.isFinite(high) || low >= high) {
    throw new InvalidArgumentError("Give a column and its range, such as weight=1500..5500.");
  }
  return { ...ranges, [match[1]!.trim()]: [low, high] };
}

/** A word that names something in the journal. */
export function parseLabel(text: string): string {
  if (!/^[\w-]{1,64}$/.test(text)) throw new InvalidArgumentError("Give up to 64 letters, digits, - and _.");
  return text;
}

/** 32 bytes in hexadecimal. */
export function parseSeed(text: string): Hex {
  if (!/^0x[0-9a-f]{64}$/i.test(text)) throw new InvalidArgumentError("Give 0x and 64 hexadecimal digits.");
  return text.toLowerCase() as Hex;
}
