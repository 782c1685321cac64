import { CanonicalEncoder } from "@zkcmp/field/encoding";
import type { Encoding } from "@zkcmp/network/encoding";
import { type Hex, toHex } from "./hex.ts";
import { ZERO_DIGEST } from "./order.ts";

/** SHA-256 of an encoding, as it stands in the order; zero if there is none. */
export function encodingDigest(encoding: Encoding | null): Hex {
  if (encoding === null) return ZERO_DIGEST;
  const encoder = new CanonicalEncoder("zkcmp/encoding/v1")
    .unsigned(encoding.inputBits, 1)
    .unsigned(encoding.features, 4);
  if (encoding.pooling === null) encoder.text("none");
  else encoder.text(encoding.pooling.step).unsigned(encoding.pooling.height, 4).unsigned(encoding.pooling.width, 4);
  for (const values of [encoding.offsets, encoding.scales]) {
    encoder.unsigned(values.length, 4);
    for (const value of values) encoder.float(value);
  }
  const { target } = encoding;
  if (target !== undefined) encoder.text("target").unsigned(target.bits, 1).float(target.offset).float(target.scale);
  return toHex(encoder.digest());
}
