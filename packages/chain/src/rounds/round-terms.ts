import { AbiCoder, id, keccak256 } from "ethers";
import type { FieldElement } from "@zkcmp/field/element";
import { fieldSchema, fieldToHex, type Hex, hexSchema } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import * as z from "zod";

/** What the owner of a round fixes when it is opened, as ShapleyRewards takes it. */
export interface RoundTerms {
  /** The zero address stands for ether. */
  readonly token: Address;
  /** V, the salted commitment to the validation rows. */
  readonly validationCommitment: FieldElement;
  /** Digest of the published encoding. */
  readonly encodingDigest: Hex;
  /** l: the ridge is 2^l. */
  readonly ridgeBits: number;
  /** Unix seconds, the last at which providers may register. */
  readonly registrationUntil: number;
  /** Unix seconds, the last at which a proof may be submitted. */
  readonly submissionUntil: number;
  /** Unix seconds, the last at which rewards may be claimed. */
  readonly claimUntil: number;
  /** Makes two rounds of the same terms different. */
  readonly salt: Hex;
}

/** Where a round is and whose it is: with the terms all that its id hashes. */
export interface RoundPlace {
  readonly chainId: number;
  /** The ShapleyRewards contract. */
  readonly rewards: Address;
  readonly owner: Address;
  readonly terms: RoundTerms;
}

/** keccak256 of `zkcmp/round/v1`, as in ShapleyRewards. */
const ROUND_DOMAIN = id("zkcmp/round/v1");

export const TERMS_TYPE =
  "tuple(address token, uint256 validationCommitment, bytes32 encodingDigest, uint8 ridgeBits, uint64 registrationUntil, uint64 submissionUntil, uint64 claimUntil, bytes32 salt)";

/** The round's id, ShapleyRewards' formula: the low 160 bits of keccak256 over the ABI encoding. */
export function roundIdOf({ chainId, rewards, owner, terms }: RoundPlace): bigint {
  const encoded = AbiCoder.defaultAbiCoder().encode(
    ["bytes32", "uint256", "address", "address", TERMS_TYPE],
    [ROUND_DOMAIN, chainId, rewards, owner, terms],
  );
  return BigInt(keccak256(encoded)) & ((1n << 160n) - 1n);
}

/** A round's id as files, options and messages write it: 20 bytes of hexadecimal. */
export function roundIdToHex(roundId: bigint): Hex {
  return `0x${roundId.toString(16).padStart(40, "0")}`;
}

export const roundIdSchema: z.ZodType<bigint, Hex> = hexSchema(20).transform((hex) => BigInt(hex)) as z.ZodType<
  bigint,
  Hex
>;

export const termsSchema = z.strictObject({
  token: hexSchema(20),
  validationCommitment: fieldSchema,
  encodingDigest: hexSchema(32),
  ridgeBits: z.int().min(0).max(63),
  registrationUntil: z.int().min(1),
  submissionUntil: z.int().min(1),
  claimUntil: z.int().min(1),
  salt: hexSchema(32),
});

/** What {@link termsSchema} reads. */
export function termsToJson(terms: RoundTerms): z.input<typeof termsSchema> {
  return { ...terms, validationCommitment: fieldToHex(terms.validationCommitment) };
}
