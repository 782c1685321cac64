import { Signature, type TypedDataDomain, type TypedDataField, verifyTypedData } from "ethers";
import type { Hex } from "./hex.ts";
import type { Address } from "./order.ts";

/** EIP-712 typed data, for any wallet to sign. */
export interface TypedData {
  readonly domain: TypedDataDomain;
  readonly types: Record<string, TypedDataField[]>;
  readonly message: Record<string, unknown>;
}

/**
 * The plain account that signed, or undefined if there is none. Only the one form r, s, v with 65 bytes, a low s (EIP-2)
 * and v = 27 or 28 counts, so that nobody can change the bytes of a signed file and keep it valid.
 */
export function signerOf({ domain, types, message }: TypedData, signature: Hex): Address | undefined {
  try {
    if (Signature.from(signature).serialized !== signature) return undefined;
    return verifyTypedData(domain, types, message, signature).toLowerCase() as Address;
  } catch {
    return undefined;
  }
}
