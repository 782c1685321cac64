import { bytesToInteger, toFieldElement, type FieldElement } from "@zkcmp/field/element";

/** A domain tag is the ASCII name as a big-endian integer; it sits in Poseidon's capacity word. */
function tag(name: string): FieldElement {
  return toFieldElement(bytesToInteger(new TextEncoder().encode(name)));
}

/**
 * Every use of Poseidon has its own tag (circuits/sealing/domains.circom has the same list). The key commitment and
 * a round's registry have tag 0, because the library that computes them on chain offers no other; they differ in width.
 */
export const DOMAIN = {
  keyCommitment: toFieldElement(0n),
  binding: tag("zkcmp/binding/v1"),
  cipherKey: tag("zkcmp/cipher-key/v1"),
  keystream: tag("zkcmp/keystream/v1"),
  challenge: tag("zkcmp/challenge/v1"),
  model: tag("zkcmp/model/v1"),
  samples: tag("zkcmp/samples/v1"),
  validation: tag("zkcmp/validation/v1"),
} as const;
