import type { Curve } from "ffjavascript";
import { BASE_FIELD_ORDER, POINT_BYTES, type G1Point, type G2Point, g1FromBytes, g2FromBytes } from "./points.ts";
import { BinaryFileError, type SectionFile } from "./sections.ts";

/** Reads the pieces of zkey and ptau sections one behind the other. */
export class PointReader {
  readonly #file: SectionFile;
  readonly #curve: Curve;
  readonly #buffer: Buffer;
  #at = 0;

  constructor(file: SectionFile, curve: Curve, bytes: Uint8Array) {
    this.#file = file;
    this.#curve = curve;
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  bytes(length: number): Uint8Array {
    if (this.#at + length > this.#buffer.length) throw new BinaryFileError(this.#file.name, "it is cut off");
    this.#at += length;
    return new Uint8Array(this.#buffer.subarray(this.#at - length, this.#at));
  }

  unsigned(): number {
    return Buffer.from(this.bytes(4)).readUInt32LE(0);
  }

  /** A number of entries that take at least `entryBytes` each. */
  count(entryBytes: number): number {
    const count = this.unsigned();
    if (count * entryBytes > this.#buffer.length) throw new BinaryFileError(this.#file.name, "it is cut off");
    return count;
  }

  integer(): bigint {
    return BigInt(`0x${Buffer.from(this.bytes(32)).reverse().toString("hex")}`);
  }

  g1(): G1Point {
    return this.toG1(this.bytes(POINT_BYTES.G1));
  }

  g2(): G2Point {
    return this.toG2(this.bytes(POINT_BYTES.G2));
  }

  toG1(bytes: Uint8Array): G1Point {
    this.#requireCanonical(bytes);
    return g1FromBytes(this.#curve, bytes);
  }

  toG2(bytes: Uint8Array): G2Point {
    this.#requireCanonical(bytes);
    return g2FromBytes(this.#curve, bytes);
  }

  /** The optional fields of a contribution: 1 name, 2 beacon iterations, 3 beacon value, in rising order. */
  parameters(): { name: string; beacon: boolean } {
    const beacon = this.unsigned() !== 0;
    const inner = new PointReader(this.#file, this.#curve, this.bytes(this.unsigned()));
    let name = "";
    for (let last = 0; inner.#at < inner.#buffer.length;) {
      const [kind = 0] = inner.bytes(1);
      const [length = 0] = inner.bytes(1);
      if (kind <= last || kind > 3) throw new BinaryFileError(this.#file.name, "a contribution has an unknown field");
      last = kind;
      if (kind === 1) name = Buffer.from(inner.bytes(length)).toString("utf8");
      if (kind === 3) inner.bytes(length);
    }
    return { name, beacon };
  }

  end(): void {
    if (this.#at !== this.#buffer.length) throw new BinaryFileError(this.#file.name, "a section is too long");
  }

  /** Montgomery words of q or more would be second names of a coordinate. */
  #requireCanonical(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += 32) {
      const words = Buffer.from(bytes.subarray(at, at + 32))
        .reverse()
        .toString("hex");
      if (BigInt(`0x${words}`) >= BASE_FIELD_ORDER) {
        throw new BinaryFileError(this.#file.name, "a point is not in its canonical form");
      }
    }
  }
}
