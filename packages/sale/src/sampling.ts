import { randomBytes } from "@noble/hashes/utils.js";
import { TypedDataEncoder } from "ethers";
import type { FieldElement } from "@zkcmp/field/element";
import { CanonicalEncoder } from "@zkcmp/field/encoding";
import { ZkcmpError } from "@zkcmp/field/error";
import * as z from "zod";
import { fromHex, type Hex, hexSchema, toHex } from "./hex.ts";
import { merklePaths, merkleRoot, rootOfPath } from "./merkle-tree.ts";
import type { Address, Order } from "./order.ts";
import { signerOf } from "./signature.ts";

/*
 * Claim first, then spot-check. The seller commits to which T rows the model has right, in a secret random order; the
 * buyer opens a nonce that was fixed in the order; together they draw m places of that order, and the proof must show
 * that the model is right on all of them. A seller who has only A < T rows right passes with probability at most (A/T)^m.
 */

/** A sampling message that does not fit the deal. */
export class SamplingError extends ZkcmpError {}

/** The rank of a row that the seller does not claim. */
const NO_RANK = 0xffffffff;

/** The seller's side of a claim: a secret until rows are opened. */
export interface SampleClaim {
  readonly root: Hex;
  /** The rank of each row in the secret order, 0 to T - 1, or 2^32 - 1. */
  readonly ranks: readonly number[];
  /** 32 bytes for each row. */
  readonly salts: readonly Hex[];
}

/** One opened leaf of the claim. */
export interface SampleOpening {
  readonly row: number;
  readonly rank: number;
  readonly salt: Hex;
  readonly path: readonly Hex[];
}

/** The sampling part of a bundle. */
export interface SampleTranscript {
  readonly root: Hex;
  /** The seller's EIP-712 signature over deal and root. */
  readonly rootSignature: Hex;
  readonly nonce: Hex;
  /** In drawing order. */
  readonly openings: readonly SampleOpening[];
}

export const sampleClaimSchema = z.strictObject({
  root: hexSchema(32),
  ranks: z.array(z.int().min(0).max(NO_RANK)),
  salts: z.array(hexSchema(32)),
});

export const sampleTranscriptSchema = z.strictObject({
  root: hexSchema(32),
  rootSignature: hexSchema(),
  nonce: hexSchema(32),
  openings: z.array(
    z.strictObject({
      row: z.int().min(0).max(NO_RANK),
      rank: z.int().min(0).max(NO_RANK),
      salt: hexSchema(32),
      path: z.array(hexSchema(32)).max(32),
    }),
  ),
});

export function createNonce(): Hex {
  return toHex(randomBytes(32));
}

/** The commitment to a nonce that stands in the order. */
export function commitNonce(nonce: Hex): Hex {
  return toHex(new CanonicalEncoder("zkcmp/nonce/v1").bytes(fromHex(nonce)).digest());
}

function leaf(row: number, rank: number, salt: Hex): Uint8Array {
  return new CanonicalEncoder("zkcmp/sample-leaf/v1").unsigned(row, 4).unsigned(rank, 4).bytes(fromHex(salt)).digest();
}

/** A uniform integer below `bound`, 1 <= bound <= 2^32, from 32-bit words; words that would favour small values are skipped. */
function uniform(bound: number, nextWord: () => number): number {
  const limit = Math.floor(2 ** 32 / bound) * bound;
  for (;;) {
    const word = nextWord();
    if (word < limit) return word % bound;
  }
}

function systemWord(): number {
  const bytes = randomBytes(4);
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
}

/**
 * The seller's claim: exactly `threshold` of the right rows get the ranks 0 to T - 1 by a secret random permutation. In
 * row order the ranks would tell which rows are wrong: a row without a rank between two that have neighbouring ones.
 * @param right which rows the model has right
 * @throws {SamplingError} if fewer than `threshold` are
 */
export function claimRows(right: readonly boolean[], threshold: number): SampleClaim {
  const candidates = right.flatMap((isRight, row) => (isRight ? [row] : []));
  if (candidates.length < threshold) {
    throw new SamplingError(
      `the model is right on fewer than ${threshold} of the ${right.length} rows`,
      "Cancel the offer; a better model needs a new order with another test set.",
    );
  }
  const ranks = right.map(() => NO_RANK);
  for (let rank = 0; rank < threshold; rank++) {
    const other = rank + uniform(candidates.length - rank, systemWord);
    [candidates[rank], candidates[other]] = [candidates[other]!, candidates[rank]!];
    ranks[candidates[rank]!] = rank;
  }
  const salts = right.map(() => toHex(randomBytes(32)));
  const leaves = ranks.map((rank, row) => leaf(row, rank, salts[row]!));
  return { root: toHex(merkleRoot(leaves)), ranks, salts };
}

const ROOT_TYPE = {
  SampleRoot: [
    { name: "dealId", type: "uint256" },
    { name: "root", type: "bytes32" },
  ],
};

/** EIP-712 typed data of the root, signed by the seller once for a deal. */
export function rootTypedData(
  order: Order,
  dealId: FieldElement,
  root: Hex,
): {
  domain: { name: string; version: string; chainId: number; verifyingContract: string };
  types: typeof ROOT_TYPE;
  message: { dealId: bigint; root: Hex };
} {
  return {
    domain: { name: "zkcmp", version: "1", chainId: order.chainId, verifyingContract: order.escrow },
    types: ROOT_TYPE,
    message: { dealId, root },
  };
}

/** The EIP-712 digest of the root, for sellers that are contracts (ERC-1271). */
export function rootHash(order: Order, dealId: FieldElement, root: Hex): Hex {
  const { domain, types, message } = rootTypedData(order, dealId, root);
  return TypedDataEncoder.hash(domain, types, message) as Hex;
}

/** @throws {SamplingError} if the signature over the root is not the seller's */
export function checkRootSignature(
  order: Order,
  dealId: FieldElement,
  seller: Address,
  root: Hex,
  signature: Hex,
): void {
  if (signerOf(rootTypedData(order, dealId, root), signature) !== seller) {
    throw new SamplingError(
      `the root is not signed by the deal's seller ${seller}`,
      "Ask the seller for the file that `zkcmp sample commit` wrote for this deal.",
    );
  }
}

/**
 * The ranks that nonce, root and deal draw: m distinct ones of 0 to T - 1, by the first m steps of a Fisher-Yates
 * shuffle over SHA-256 in counter mode.
 */
export function drawRanks(nonce: Hex, root: Hex, dealId: FieldElement, count: number, threshold: number): number[] {
  let counter = 0;
  let words: number[] = [];
  const nextWord = (): number => {
    if (words.length === 0) {
      const block = new CanonicalEncoder("zkcmp/draw/v1")
        .bytes(fromHex(nonce))
        .bytes(fromHex(root))
        .field(dealId)
        .unsigned(counter++, 4)
        .digest();
      const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
      words = Array.from({ length: 8 }, (_, i) => view.getUint32(4 * i));
    }
    return words.shift()!;
  };
  // The shuffle's array is 0, 1, 2, ... but for the places that a swap has touched.
  const touched = new Map<number, number>();
  return Array.from({ length: count }, (_, i) => {
    const j = i + uniform(threshold - i, nextWord);
    const drawn = touched.get(j) ?? j;
    touched.set(j, touched.get(i) ?? i);
    return drawn;
  });
}

/**
 * Opens the drawn leaves.
 * @throws {SamplingError} if the nonce is not the one in the order, or the claim is not for its rows
 */
export function openSample(
  claim: SampleClaim,
  order: Order,
  dealId: FieldElement,
  nonce: Hex,
): { openings: SampleOpening[]; rows: number[] } {
  checkNonce(order, nonce);
  const whole = claim.ranks.length === order.rows && claim.salts.length === order.rows;
  const leaves = whole ? claim.ranks.map((rank, row) => leaf(row, rank, claim.salts[row]!)) : [];
  if (!whole || toHex(merkleRoot(leaves)) !== claim.root) {
    throw new SamplingError(
      "the claim does not lead to its own root over the order's rows",
      "Use the file that `zkcmp sample commit` wrote for this deal.",
    );
  }
  const rowOfRank = new Map(claim.ranks.map((rank, row) => [rank, row]));
  const rows = drawRanks(nonce, claim.root, dealId, order.sampledRows, order.threshold).map((rank) =>
    rowOfRank.get(rank)!,
  );
  const paths = merklePaths(leaves, rows);
  const openings = rows.map((row, i) => ({
    row,
    rank: claim.ranks[row]!,
    salt: claim.salts[row]!,
    path: paths[i]!.map(toHex),
  }));
  return { openings, rows };
}

/** @throws {SamplingError} if the nonce is not the one whose commitment stands in the order */
export function checkNonce(order: Order, nonce: Hex): void {
  if (commitNonce(nonce) !== order.nonceCommitment) {
    throw new SamplingError(
      "the nonce is not the one that the order commits to",
      "Use the file that `zkcmp sample open` wrote for this order.",
    );
  }
}

/**
 * Checks the openings against root, nonce and deal.
 * @returns the drawn rows in drawing order
 * @throws {SamplingError} naming the opening that is wrong
 */
export function checkSample(order: Order, dealId: FieldElement, transcript: SampleTranscript): number[] {
  checkNonce(order, transcript.nonce);
  const drawn = drawRanks(transcript.nonce, transcript.root, dealId, order.sampledRows, order.threshold);
  if (transcript.openings.length !== drawn.length) {
    throw new SamplingError(
      `the bundle opens ${transcript.openings.length} rows, ${drawn.length} were drawn`,
      "Refuse the bundle.",
    );
  }
  const depth = Math.ceil(Math.log2(order.rows));
  return transcript.openings.map((opening, i) => {
    const isDrawn =
      opening.rank === drawn[i] &&
      opening.row < order.rows &&
      opening.path.length === depth &&
      toHex(rootOfPath(leaf(opening.row, opening.rank, opening.salt), opening.row, opening.path.map(fromHex))) ===
        transcript.root;
    if (!isDrawn) {
      throw new SamplingError(
        `opening ${i} is not the drawn leaf of the committed claim`,
        "Refuse the bundle: the rows were not the seller's to choose.",
      );
    }
    return opening.row;
  });
}

/** What a sampled proof states: at least `atLeast` of the n rows are right, but for an error of probability `error`. */
export interface SampledClaim {
  readonly atLeast: number;
  readonly error: number;
}

/**
 * The smallest number of right rows that could have passed with a probability above `error`. With A of the T claimed
 * rows right, all m drawn ones are right with probability prod_i (A - i) / (T - i) <= (A/T)^m.
 */
export function sampledClaim(threshold: number, count: number, error: number): SampledClaim {
  const passes = (right: number): boolean => {
    let logarithm = 0;
    for (let i = 0; i < count; i++) {
      if (right <= i) return false;
      logarithm += Math.log((right - i) / (threshold - i));
    }
    return logarithm > Math.log(error);
  };
  let low = 0;
  let high = threshold;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (passes(middle)) high = middle;
    else low = middle + 1;
  }
  return { atLeast: low, error };
}

/** The two errors that are always printed: 1 % and 2^-40. */
export const REPORTED_ERRORS = [0.01, 2 ** -40] as const;
