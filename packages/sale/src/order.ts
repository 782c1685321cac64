import { TypedDataEncoder } from "ethers";
import { ZkcmpError } from "@zkcmp/field/error";
import type { FieldElement } from "@zkcmp/field/element";
import { z } from "zod";
import { fieldSchema, fieldToHex, type Hex, hexSchema } from "./hex.ts";
import { signerOf } from "./signature.ts";

/** A 20-byte account address in lower-case hexadecimal. */
export type Address = Hex;

/** The zero address stands for ether. */
export const ETHER: Address = `0x${"0".repeat(40)}`;

/** What a buyer asks for and signs (EIP-712). Everything in it is public. */
export interface Order {
  readonly chainId: number;
  /** The escrow contract in which the deal is to be made. */
  readonly escrow: Address;
  readonly buyer: Address;
  readonly token: Address;
  /** In units of the token (wei for ether), in [1, 2^128). */
  readonly price: bigint;
  /** Unix seconds, the last at which the buyer may fund. */
  readonly fundableUntil: number;
  /** Seconds from funding until the refund opens. */
  readonly timeToRedeem: number;
  /** H(D), the salted commitment to the test set. */
  readonly testSetCommitment: FieldElement;
  /** n, the rows of the test set. */
  readonly rows: number;
  readonly features: number;
  readonly classes: number;
  /** T: at least this many rows must be right. */
  readonly threshold: number;
  readonly inputBits: number;
  /** SHA-256 of the published rule that turns raw features into integers; zero if the buyer published none. */
  readonly encodingDigest: Hex;
  /** m, the rows to be proven; 0 asks for all of them. */
  readonly sampledRows: number;
  /** Commitment to the nonce that draws the rows; zero unless sampled. */
  readonly nonceCommitment: Hex;
  /** The buyer's X25519 public key. */
  readonly buyerKey: Hex;
  /** Makes two orders of the same content different. */
  readonly salt: Hex;
}

/** An order and the buyer's signature over its EIP-712 digest. */
export interface SignedOrder {
  readonly order: Order;
  readonly signature: Hex;
}

/** An order that no honest tool writes, or whose signature is not the buyer's. */
export class OrderError extends ZkcmpError {}

export const ZERO_DIGEST: Hex = `0x${"0".repeat(64)}`;

/** The shortest and longest time to redeem that the escrow accepts: 2 hours and 30 days. */
export const TIME_TO_REDEEM = { min: 2 * 3600, max: 30 * 24 * 3600 } as const;

const count = z
  .int()
  .min(1)
  .max(2 ** 32 - 1);

export const orderSchema = z
  .strictObject({
    chainId: z.int().min(1),
    escrow: hexSchema(20),
    buyer: hexSchema(20),
    token: hexSchema(20),
    price: z
      .string()
      .regex(/^[1-9][0-9]{0,38}$/, "expected a positive integer below 2^128")
      .transform((digits) => BigInt(digits))
      .refine((price) => price < 1n << 128n, "expected a price below 2^128"),
    fundableUntil: z.int().min(1),
    timeToRedeem: z.int().min(TIME_TO_REDEEM.min).max(TIME_TO_REDEEM.max),
    testSetCommitment: fieldSchema,
    rows: count,
    features: count,
    classes: z.int().min(2).max(256),
    threshold: count,
    inputBits: z.int().min(1).max(16),
    encodingDigest: hexSchema(32),
    sampledRows: z.int().min(0),
    nonceCommitment: hexSchema(32),
    buyerKey: hexSchema(32),
    salt: hexSchema(32),
  })
  .refine((order) => order.threshold <= order.rows, {
    message: "expected at most the number of rows",
    path: ["threshold"],
  })
  .refine((order) => order.sampledRows <= order.threshold, {
    message: "expected at most the threshold: a sample is drawn from the rows claimed to be right",
    path: ["sampledRows"],
  })
  .refine((order) => (order.sampledRows === 0) === (order.nonceCommitment === ZERO_DIGEST), {
    message: "expected a nonce commitment exactly when rows are sampled",
    path: ["nonceCommitment"],
  });

export const signedOrderSchema = z.strictObject({ order: orderSchema, signature: hexSchema() });

/** What {@link orderSchema} reads. */
export function orderToJson(order: Order): z.input<typeof orderSchema> {
  return { ...order, price: order.price.toString(), testSetCommitment: fieldToHex(order.testSetCommitment) };
}

const ORDER_TYPE = {
  Order: [
    { name: "buyer", type: "address" },
    { name: "token", type: "address" },
    { name: "price", type: "uint256" },
    { name: "fundableUntil", type: "uint64" },
    { name: "timeToRedeem", type: "uint32" },
    { name: "testSetCommitment", type: "uint256" },
    { name: "rows", type: "uint32" },
    { name: "features", type: "uint32" },
    { name: "classes", type: "uint32" },
    { name: "threshold", type: "uint32" },
    { name: "inputBits", type: "uint8" },
    { name: "encodingDigest", type: "bytes32" },
    { name: "sampledRows", type: "uint32" },
    { name: "nonceCommitment", type: "bytes32" },
    { name: "buyerKey", type: "bytes32" },
    { name: "salt", type: "bytes32" },
  ],
};

/** EIP-712 typed data of an order, for any wallet to sign. */
export function orderTypedData(order: Order): {
  domain: { name: string; version: string; chainId: number; verifyingContract: string };
  types: typeof ORDER_TYPE;
  message: Record<string, unknown>;
} {
  const { chainId, escrow, ...message } = order;
  return {
    domain: { name: "zkcmp", version: "1", chainId, verifyingContract: escrow },
    types: ORDER_TYPE,
    message,
  };
}

/** The EIP-712 digest of the order: what the buyer signs, what the offer carries, what the core holds. */
export function orderHash(order: Order): Hex {
  const { domain, types, message } = orderTypedData(order);
  return TypedDataEncoder.hash(domain, types, message) as Hex;
}

/**
 * Checks the signature of a plain account. For a buyer that is a contract (ERC-1271) the chain is asked instead.
 * @throws {OrderError} if the signature is not the buyer's
 */
export function checkOrderSignature({ order, signature }: SignedOrder): void {
  if (signerOf(orderTypedData(order), signature) !== order.buyer) {
    throw new OrderError(
      `the order's signature is not that of its buyer ${order.buyer}`,
      "Ask the buyer for the order file as `zkcmp order create` wrote it.",
    );
  }
}
