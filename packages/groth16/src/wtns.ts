import { FIELD_ORDER } from "@zkcmp/field/element";
import { BinaryFileError, SectionFile } from "./sections.ts";

const PRIME = littleEndian(FIELD_ORDER);

/** The bytes of a .wtns file (version 2) with the given values, each below 2^256 and written as it is. */
export function encodeWitness(values: readonly bigint[]): Uint8Array {
  const words = new BigUint64Array(4 * values.length);
  values.forEach((value, i) => words.set(toWords(value), 4 * i));
  return frameWitness(new Uint8Array(words.buffer));
}

/** Puts 32-byte little-endian values into the container of a .wtns file. */
export function frameWitness(values: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(12 + 12 + 40 + 12 + values.length);
  bytes.write("wtns", "latin1");
  bytes.writeUInt32LE(2, 4);
  bytes.writeUInt32LE(2, 8);
  bytes.writeUInt32LE(1, 12);
  bytes.writeBigUInt64LE(40n, 16);
  bytes.writeUInt32LE(32, 24);
  bytes.set(PRIME, 28);
  bytes.writeUInt32LE(values.length / 32, 60);
  bytes.writeUInt32LE(2, 64);
  bytes.writeBigUInt64LE(BigInt(values.length), 68);
  bytes.set(values, 76);
  return bytes;
}

/**
 * The values of all wires in a .wtns file.
 * @throws {BinaryFileError}
 */
export function decodeWitness(bytes: Uint8Array): bigint[] {
  const file = new SectionFile(bytes, "wtns", 2);
  const values = Buffer.from(file.read(2));
  const count = Buffer.from(file.read(1)).readUInt32LE(36);
  if (values.length !== 32 * count) throw new BinaryFileError(file.name, "it is cut off");
  return Array.from({ length: count }, (_, i) =>
    [3, 2, 1, 0].reduce((value, word) => (value << 64n) | values.readBigUInt64LE(32 * i + 8 * word), 0n),
  );
}

function littleEndian(value: bigint): Uint8Array {
  return new Uint8Array(BigUint64Array.from(toWords(value)).buffer);
}

function toWords(value: bigint): bigint[] {
  return [0n, 64n, 128n, 192n].map((shift) => BigInt.asUintN(64, value >> shift));
}
