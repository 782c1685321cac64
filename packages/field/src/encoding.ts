import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { type FieldElement, fieldFromBytes, fieldToBytes, integerToBytes } from "./element.ts";

/**
 * A canonical byte encoding for what no circuit computes. Integers have a fixed width, everything of variable length
 * carries its length, and the first part is a domain label: two different messages never share an encoding.
 */
export class CanonicalEncoder {
  readonly #parts: Uint8Array[] = [];

  /** @param domain a label that no other message uses, such as `zkcmp/core/v1` */
  constructor(domain: string) {
    this.text(domain);
  }

  /** An unsigned integer in `bytes` big-endian bytes. Throws a RangeError if it does not fit. */
  unsigned(value: number | bigint, bytes: number): this {
    this.#parts.push(integerToBytes(BigInt(value), bytes));
    return this;
  }

  field(element: FieldElement): this {
    this.#parts.push(fieldToBytes(element));
    return this;
  }

  fields(elements: readonly FieldElement[]): this {
    this.unsigned(elements.length, 4);
    for (const element of elements) this.field(element);
    return this;
  }

  /** Bytes behind their length. */
  bytes(value: Uint8Array): this {
    this.unsigned(value.length, 4);
    this.#parts.push(value);
    return this;
  }

  text(value: string): this {
    return this.bytes(utf8ToBytes(value));
  }

  /** An IEEE 754 double, big-endian. Throws a RangeError unless it is finite. */
  float(value: number): this {
    if (!Number.isFinite(value)) throw new RangeError("only finite numbers have an encoding");
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value === 0 ? 0 : value);
    this.#parts.push(bytes);
    return this;
  }

  toBytes(): Uint8Array {
    return concatBytes(...this.#parts);
  }

  /** SHA-256 of the encoding. */
  digest(): Uint8Array {
    return sha256(this.toBytes());
  }

  /** SHA-256 of the encoding, modulo r. */
  digestToField(): FieldElement {
    return fieldFromBytes(this.digest());
  }
}
