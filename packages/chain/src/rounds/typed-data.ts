import { TypedDataEncoder } from "ethers";
import type { FieldElement } from "@zkcmp/field/element";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import type { TypedData } from "@zkcmp/sale/signature";

/** What a provider consents to, so that anyone may register it. */
export interface Consent {
  readonly payee: Address;
  readonly commitment: FieldElement;
  /** Good unless the provider has taken back all below a larger one. Using it changes nothing for others. */
  readonly nonce: bigint;
  /** Unix seconds, the last at which it may be used. */
  readonly deadline: number;
}

/** A round on its contract and chain. */
export interface RoundReference {
  readonly chainId: number;
  readonly rewards: Address;
  readonly roundId: bigint;
}

const RECEIPT_TYPE = {
  Receipt: [
    { name: "round", type: "uint256" },
    { name: "payee", type: "address" },
    { name: "commitment", type: "uint256" },
  ],
};

const CONSENT_TYPE = {
  Consent: [
    { name: "round", type: "uint256" },
    { name: "payee", type: "address" },
    { name: "commitment", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint64" },
  ],
};

/** What the owner signs (EIP-712) after checking the opening of a data commitment. */
export function receiptTypedData(
  round: RoundReference,
  { payee, commitment }: { readonly payee: Address; readonly commitment: FieldElement },
): TypedData {
  return { domain: domainOf(round), types: RECEIPT_TYPE, message: { round: round.roundId, payee, commitment } };
}

/** What a provider signs (EIP-712) so that somebody else may register for it. */
export function consentTypedData(round: RoundReference, consent: Consent): TypedData {
  return { domain: domainOf(round), types: CONSENT_TYPE, message: { round: round.roundId, ...consent } };
}

/** The digest that is signed. */
export function typedDataHash({ domain, types, message }: TypedData): Hex {
  return TypedDataEncoder.hash(domain, types, message) as Hex;
}

function domainOf({ chainId, rewards }: RoundReference) {
  return { name: "zkcmp rewards", version: "1", chainId, verifyingContract: rewards };
}
