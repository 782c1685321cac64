import { AbiCoder, id, keccak256 } from "ethers";
import { type FieldElement, fieldFromBytes } from "@zkcmp/field/element";
import * as z from "zod";
import { fromHex, type Hex, hexSchema } from "./hex.ts";
import type { Address } from "./order.ts";

/** The share of a price that goes to a rewards round; all zero means none. */
export interface Split {
  /** The rewards contract. */
  readonly rewards: Address;
  /** The round's id in it. */
  readonly round: bigint;
  /** Hundredths of a per cent, 1 to 9,999. */
  readonly basisPoints: number;
  /** keccak256 of the rewards contract's code at the offer. */
  readonly codeHash: Hex;
}

export const NO_SPLIT: Split = {
  rewards: `0x${"0".repeat(40)}`,
  round: 0n,
  basisPoints: 0,
  codeHash: `0x${"0".repeat(64)}`,
};

/** A split in JSON, the round in decimal digits. */
export const splitSchema = z.strictObject({
  rewards: hexSchema(20),
  round: z
    .string()
    .regex(/^(0|[1-9][0-9]{0,77})$/)
    .transform((digits) => BigInt(digits))
    .refine((round) => round < 1n << 256n, "expected an integer below 2^256"),
  basisPoints: z.int().min(0).max(9_999),
  codeHash: hexSchema(32),
});

/** What {@link splitSchema} reads. */
export function splitToJson(split: Split): z.input<typeof splitSchema> {
  return { ...split, round: split.round.toString() };
}

/** What a redemption credits to the round, in units of the token: rounded down, as in ModelEscrow. The seller gets the rest. */
export function shareOf(price: bigint, basisPoints: number): bigint {
  return (price * BigInt(basisPoints)) / 10_000n;
}

/** What the escrow hashes into a deal's id. */
export interface DealTerms {
  readonly chainId: number;
  readonly escrow: Address;
  readonly seller: Address;
  readonly buyer: Address;
  readonly token: Address;
  readonly price: bigint;
  readonly fundableUntil: number;
  readonly timeToRedeem: number;
  readonly split: Split;
  readonly keyCommitment: FieldElement;
  /** Digest of the core. */
  readonly core: FieldElement;
}

/** keccak256 of `zkcmp/deal/v1`, as in ModelEscrow. */
export const DEAL_DOMAIN = id("zkcmp/deal/v1") as Hex;

/** The deal's id, ModelEscrow's formula: keccak256 of the ABI encoding, modulo r. */
export function dealIdOf(terms: DealTerms): FieldElement {
  const abi = AbiCoder.defaultAbiCoder();
  const { rewards, round, basisPoints, codeHash } = terms.split;
  const split = keccak256(
    abi.encode(["address", "uint256", "uint16", "bytes32"], [rewards, round, basisPoints, codeHash]),
  );
  const encoded = abi.encode(
    [
      "bytes32",
      "uint256",
      "address",
      "address",
      "address",
      "address",
      "uint256",
      "uint64",
      "uint32",
      "bytes32",
      "uint256",
      "uint256",
    ],
    [
      DEAL_DOMAIN,
      terms.chainId,
      terms.escrow,
      terms.seller,
      terms.buyer,
      terms.token,
      terms.price,
      terms.fundableUntil,
      terms.timeToRedeem,
      split,
      terms.keyCommitment,
      terms.core,
    ],
  );
  return fieldFromBytes(fromHex(keccak256(encoded) as Hex));
}
