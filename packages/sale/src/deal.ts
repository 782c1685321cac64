import { AbiCoder, id, keccak256 } from "ethers";
import { type FieldElement, fieldFromBytes } from "@zkcmp/field/element";
import { fromHex, type Hex } from "./hex.ts";
import type { Address } from "./order.ts";

/** The share of a price that goes to a rewards round; all zero means none. */
export interface Split {
  readonly rewards: Address;
  readonly round: bigint;
  readonly basisPoints: number;
}

export const NO_SPLIT: Split = { rewards: `0x${"0".repeat(40)}`, round: 0n, basisPoints: 0 };

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
  const split = keccak256(
    abi.encode(["address", "uint256", "uint16"], [terms.split.rewards, terms.split.round, terms.split.basisPoints]),
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
