import { FIELD_ORDER, type FieldElement, toFieldElement } from "@zkcmp/field/element";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import * as z from "zod";

/** Bytes as 0x and lower-case hexadecimal digits. */
export type Hex = `0x${string}`;

export function toHex(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`;
}

export function fromHex(hex: Hex): Uint8Array {
  return hexToBytes(hex.slice(2));
}

/** zod: lower-case hexadecimal of exactly `bytes` bytes, or of any whole number of bytes. */
export function hexSchema(bytes?: number): z.ZodType<Hex> {
  const digits = bytes === undefined ? "(?:[0-9a-f]{2})*" : `[0-9a-f]{${2 * bytes}}`;
  const length = bytes === undefined ? "whole bytes" : `${bytes} bytes`;
  const pattern = new RegExp(`^0x${digits}$`);
  return z.custom<Hex>(
    (value) => typeof value === "string" && pattern.test(value),
    `expected 0x and ${length} in lower-case hexadecimal`,
  );
}

/** zod: a canonical field element as 32 bytes of hexadecimal. */
export const fieldSchema: z.ZodType<FieldElement, Hex> = hexSchema(32)
  .refine((hex) => BigInt(hex) < FIELD_ORDER, "expected a field element below r")
  .transform((hex) => toFieldElement(BigInt(hex))) as z.ZodType<FieldElement, Hex>;

/** The 32-byte hexadecimal form that {@link fieldSchema} reads. */
export function fieldToHex(element: FieldElement): Hex {
  return `0x${element.toString(16).padStart(64, "0")}`;
}
