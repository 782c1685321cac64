import { readFile } from "node:fs/promises";
import { FIELD_ORDER } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import { BinaryFileError, SectionFile } from "./sections.ts";

/** Bytes of one term of a linear combination: the wire (4) and its coefficient (32), little-endian. */
export const TERM_BYTES = 36;

/** The three linear combinations of a constraint: a * b = c. */
export type Matrix = 0 | 1 | 2;

/**
 * A rank-1 constraint system over F_r as circom writes it. The constraints stay in the bytes of the file, because as
 * objects the millions of terms of a sale circuit would take gigabytes.
 */
export interface R1cs {
  /** Wire 0 is the constant 1; then outputs, public inputs, private inputs and inner wires. */
  readonly wireCount: number;
  readonly outputCount: number;
  readonly publicInputCount: number;
  readonly privateInputCount: number;
  /** Outputs and public inputs: the public signals of a proof, wires 1 to publicCount. */
  readonly publicCount: number;
  readonly constraintCount: number;
  /** Terms in all linear combinations of a, b and c. */
  readonly termCounts: readonly [a: number, b: number, c: number];
  /** Constraint i has its combinations a, b, c one behind the other, each a count (4 bytes) and that many terms. */
  readonly constraints: Uint8Array;
  /** Where matrix k of constraint i begins in `constraints`: entry 3 i + k. */
  readonly offsets: Uint32Array;
}

export interface Term {
  readonly wire: number;
  readonly coefficient: bigint;
}

/** A witness that does not belong to the circuit: wrong number of wires, or wire 0 is not 1. */
export class WitnessShapeError extends ZkcmpError {}

/**
 * Reads an .r1cs file of version 1 (iden3's binary format for R1CS), up to 2 GiB.
 * @throws {BinaryFileError} if it is missing, damaged, over another field, or uses custom gates
 */
export async function readR1cs(path: string): Promise<R1cs> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new BinaryFileError(path, `it cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
  return parseR1cs(bytes, path);
}

/** See readR1cs; `name` stands for the file in errors. */
export function parseR1cs(bytes: Uint8Array, name = "the given r1cs file"): R1cs {
  const file = new SectionFile(bytes, "r1cs", 1, name);
  const header = Buffer.from(file.read(1));
  if (header.length !== 64 || header.readUInt32LE(0) !== 32)
    throw new BinaryFileError(name, "its field is not BN254's");
  if (integer(header, 4) !== FIELD_ORDER) throw new BinaryFileError(name, "its field is not BN254's");
  for (const gates of [4, 5]) {
    if (file.has(gates) && file.read(gates).some((byte) => byte !== 0)) {
      throw new BinaryFileError(name, "it uses custom gates, which Groth16 does not have");
    }
  }
  const [wireCount, outputCount, publicInputCount, privateInputCount] = [36, 40, 44, 48].map((at) =>
    header.readUInt32LE(at),
  ) as [number, number, number, number];
  const constraintCount = header.readUInt32LE(60);
  if (1 + outputCount + publicInputCount + privateInputCount > wireCount) {
    throw new BinaryFileError(name, "it has more inputs and outputs than wires");
  }
  const constraints = file.read(2);
  return {
    wireCount,
    outputCount,
    publicInputCount,
    privateInputCount,
    publicCount: outputCount + publicInputCount,
    constraintCount,
    constraints,
    ...scan(constraints, constraintCount, wireCount, name),
  };
}

/** The terms of one linear combination. */
export function terms(r1cs: R1cs, constraint: number, matrix: Matrix): Term[] {
  const view = Buffer.from(r1cs.constraints.buffer, r1cs.constraints.byteOffset, r1cs.constraints.length);
  const start = r1cs.offsets[3 * constraint + matrix];
  if (start === undefined) throw new RangeError(`there is no constraint ${constraint}`);
  return Array.from({ length: view.readUInt32LE(start) }, (_, i) => {
    const at = start + 4 + i * TERM_BYTES;
    return { wire: view.readUInt32LE(at), coefficient: integer(view, at + 4) };
  });
}

/**
 * Evaluates every constraint, as a forger's adversary does: a calculator's asserts and hints play no part in it.
 * @param witness the value of every wire, in [0, r), wire 0 first
 * @returns the index of the first constraint that does not hold, or null if all hold
 * @throws {WitnessShapeError}
 */
export function checkWitness(r1cs: R1cs, witness: readonly bigint[]): number | null {
  if (witness.length !== r1cs.wireCount) {
    throw new WitnessShapeError(
      `The witness has ${witness.length} wires, the circuit ${r1cs.wireCount}`,
      "Calculate the witness with the wasm file of the same build",
    );
  }
  if (witness[0] !== 1n) throw new WitnessShapeError("Wire 0 of the witness is not 1", "Leave wire 0 as it is");
  const view = Buffer.from(r1cs.constraints.buffer, r1cs.constraints.byteOffset, r1cs.constraints.length);
  const evaluate = (constraint: number, matrix: Matrix): bigint => {
    const start = r1cs.offsets[3 * constraint + matrix] as number;
    const end = start + 4 + view.readUInt32LE(start) * TERM_BYTES;
    let sum = 0n;
    for (let at = start + 4; at < end; at += TERM_BYTES) {
      sum += (witness[view.readUInt32LE(at)] as bigint) * integer(view, at + 4);
    }
    return sum;
  };
  for (let i = 0; i < r1cs.constraintCount; i++) {
    const product = (evaluate(i, 0) % FIELD_ORDER) * (evaluate(i, 1) % FIELD_ORDER);
    if ((product - evaluate(i, 2)) % FIELD_ORDER !== 0n) return i;
  }
  return null;
}

/** 32 little-endian bytes. */
function integer(view: Buffer, at: number): bigint {
  const low = view.readBigUInt64LE(at) | (view.readBigUInt64LE(at + 8) << 64n);
  const high = view.readBigUInt64LE(at + 16) | (view.readBigUInt64LE(at + 24) << 64n);
  return high === 0n ? low : low | (high << 128n);
}

const ORDER_TOP_WORD = Number(FIELD_ORDER >> 224n);

function scan(
  constraints: Uint8Array,
  constraintCount: number,
  wireCount: number,
  name: string,
): Pick<R1cs, "offsets" | "termCounts"> {
  const view = Buffer.from(constraints.buffer, constraints.byteOffset, constraints.length);
  const offsets = new Uint32Array(3 * constraintCount);
  const termCounts: [number, number, number] = [0, 0, 0];
  let at = 0;
  for (let i = 0; i < offsets.length; i++) {
    if (at + 4 > view.length) throw new BinaryFileError(name, "its constraints are cut off");
    offsets[i] = at;
    const count = view.readUInt32LE(at);
    const end = at + 4 + count * TERM_BYTES;
    if (end > view.length) throw new BinaryFileError(name, "its constraints are cut off");
    termCounts[(i % 3) as Matrix] += count;
    for (at += 4; at < end; at += TERM_BYTES) {
      if (view.readUInt32LE(at) >= wireCount) throw new BinaryFileError(name, "a constraint names an unknown wire");
      const topWord = view.readUInt32LE(at + 32);
      if (topWord >= ORDER_TOP_WORD && integer(view, at + 4) >= FIELD_ORDER) {
        throw new BinaryFileError(name, "a coefficient lies outside the field");
      }
    }
  }
  if (at !== view.length) throw new BinaryFileError(name, "bytes follow its last constraint");
  return { offsets, termCounts };
}
