import { bytesToInteger, toFieldElement, type FieldElement } from "@zkcmp/field/element";

/** A domain tag is the ASCII name as a big-endian integer; it sits in Poseidon's capacity word. */
function tag(name: string): FieldElement {
  return toFieldElement(bytesToInteger(new TextEncoder().encode(name)));
}

/**
 * Every use of Poseidon has its own tag (circuits/sealing/domains.circom has the same list). The key commitment has
 * tag 0, because the library that opens it on chain offers no other.
 */
export const DOMAIN = {
  keyCommitment: toFieldElement(0n),
  binding: tag("zkcmp/binding/v1"),
  cipherKey: tag("zkcmp/cipher-key/v1"),
  keystream: tag("zkcmp/keystream/v1"),
  challenge: tag("zkcmp/challenge/v1"),
} as const;
