import { keccak256 } from "ethers";
import type { Hex } from "@zkcmp/sale/hex";
import type { CodeSpan, ExpectedCode } from "./escrow-code.ts";
import { withAddress } from "./escrow-deployment.ts";

/** Whether a runtime code is the expected one, but for what differs from one deployment to the next. */
export function isCode(code: Hex, expected: ExpectedCode): boolean {
  const masked = expected.masked.reduce((text, span) => withAddress(text, span, "00".repeat(span.length)), code);
  return keccak256(masked) === expected.runtimeHash;
}

/** A part of a code, in lower case. */
export function codePart(code: Hex, { start, length }: CodeSpan): Hex {
  return `0x${code.slice(2 + 2 * start, 2 + 2 * (start + length)).toLowerCase()}`;
}
