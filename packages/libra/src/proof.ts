import {
  bytesToInteger,
  FIELD_BYTES,
  FIELD_ORDER,
  type FieldElement,
  fieldToBytes,
  toFieldElement,
} from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import { POINT_BYTES } from "@zkcmp/field/kernels/point-encoding";
import { concatBytes, isBytes } from "@noble/hashes/utils.js";
import { type LinearFormProof, openingSizes } from "./linear-form.ts";

/** Not the encoding of a proof for this argument. */
export class ProofFormatError extends ZkcmpError {
  constructor(problem: string, options?: ErrorOptions) {
    super(`This is no Libra proof for this statement: ${problem}`, "Ask the prover for the proof again", options);
  }
}

/** A well-formed proof that proves nothing. */
export class ProofRefusedError extends ZkcmpError {
  /** The verifier's step that failed. */
  readonly step: string;

  constructor(step: string) {
    super(`The proof is refused: ${step}`, "Do not pay for what it was to show");
    this.step = step;
  }
}

/** How many of everything a proof holds: fixed by the argument and its protocol. */
export interface ProofCounts {
  /** Row commitments of all tables. */
  readonly rows: number;
  readonly columns: number;
  readonly chunks: number;
  /** Messages in all chunks. */
  readonly messages: number;
  readonly products: number;
}

/** f(z) and g(z), see verifier/products.ts. */
export interface ShownFactors {
  readonly left: FieldElement;
  readonly right: FieldElement;
}

/** Points are compressed, 32 bytes each. */
export interface Proof {
  readonly counts: ProofCounts;
  /** Of all tables, one after the other. */
  readonly rows: Uint8Array;
  /** One point a chunk, one after the other: how many there are is the prover's word until the protocol has run. */
  readonly chunks: Uint8Array;
  /** Null without product constraints. */
  readonly factors: ShownFactors | null;
  readonly opening: LinearFormProof;
}

/** "ZKL" and the version of the format. */
const MAGIC = Uint8Array.of(0x5a, 0x4b, 0x4c, 0x01);
const HEADER_BYTES = MAGIC.length + 3 * 4;

/** Bytes of a proof with these counts. */
export function proofBytes({ rows, columns, chunks, messages, products }: ProofCounts): number {
  const { halvings, rest } = openingSizes(messages, columns);
  const points = rows + chunks + 1 + 2 * halvings;
  const scalars = (products > 0 ? 2 : 0) + 2 + rest;
  return HEADER_BYTES + POINT_BYTES * points + FIELD_BYTES * scalars;
}

/**
 * The header (magic, then chunks, messages and products as unsigned 32-bit big-endian numbers), all points, all scalars.
 */
export function encodeProof({ counts, rows, chunks, factors, opening }: Proof): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  header.set(MAGIC);
  const view = new DataView(header.buffer);
  [counts.chunks, counts.messages, counts.products].forEach((count, i) => view.setUint32(MAGIC.length + 4 * i, count));
  const scalars = [
    ...(factors === null ? [] : [factors.left, factors.right]),
    opening.formValue,
    opening.blinding,
    ...opening.rest,
  ];
  return concatBytes(header, pointsOf({ rows, chunks, opening }), ...scalars.map(fieldToBytes));
}

/** All points of a proof as they stand in it: rows, chunks, then the opening's in their order. */
export function pointsOf({ rows, chunks, opening }: Pick<Proof, "rows" | "chunks" | "opening">): Uint8Array {
  const halvings = opening.halvings.flatMap(({ left, right }) => [left, right]);
  return concatBytes(rows, chunks, opening.first, ...halvings);
}

/**
 * A scalar of a proof: 32 bytes, below r.
 * @param name says in the error what it is
 * @throws {ProofFormatError}
 */
export function decodeScalar(bytes: Uint8Array, name: string): FieldElement {
  const value = bytesToInteger(bytes);
  if (value >= FIELD_ORDER) throw new ProofFormatError(`${name} is not below r`);
  return toFieldElement(value);
}

/**
 * The inverse of encodeProof, for a proof of a known number of rows and columns. The counts of the header decide on
 * nothing but the length that the bytes have to have; the verifier compares them with what its protocol took. Points are
 * not decoded before that: `decompress` refuses every encoding but the canonical one, but it takes a square root for each.
 * @throws {ProofFormatError}
 */
export function decodeProof(bytes: Uint8Array, rows: number, columns: number): Proof {
  if (!isBytes(bytes)) throw new ProofFormatError("it is not a Uint8Array");
  if (bytes.length < HEADER_BYTES) throw new ProofFormatError(`it has only ${bytes.length} bytes`);
  if (!MAGIC.every((byte, i) => bytes[i] === byte))
    throw new ProofFormatError("it begins otherwise, or has another version");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [chunks, messages, products] = [0, 1, 2].map((i) => view.getUint32(MAGIC.length + 4 * i)) as [
    number,
    number,
    number,
  ];
  const counts = { rows, columns, chunks, messages, products };
  const expected = proofBytes(counts);
  if (bytes.length !== expected) throw new ProofFormatError(`it has ${bytes.length} bytes in place of ${expected}`);

  let offset = HEADER_BYTES;
  const take = (length: number) => bytes.slice(offset, (offset += length));
  const scalar = (name: string) => decodeScalar(take(FIELD_BYTES), name);
  const { halvings, rest } = openingSizes(messages, columns);
  const rowBytes = take(rows * POINT_BYTES);
  const chunkBytes = take(chunks * POINT_BYTES);
  const first = take(POINT_BYTES);
  const pairs = Array.from({ length: halvings }, () => ({ left: take(POINT_BYTES), right: take(POINT_BYTES) }));
  const factors = products === 0 ? null : { left: scalar("the left factor"), right: scalar("the right factor") };
  return {
    counts,
    rows: rowBytes,
    chunks: chunkBytes,
    factors,
    opening: {
      first,
      halvings: pairs,
      formValue: scalar("the form's value"),
      blinding: scalar("the blinding"),
      rest: Array.from({ length: rest }, (_, i) => scalar(`entry ${i} of the opening`)),
    },
  };
}
