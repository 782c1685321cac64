import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { type FieldElement, fieldFromBytes, fieldToBytes, integerToBytes, toFieldElement } from "./element.ts";

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

  /**
   * A canonical field element: x and x + r are one element and would have two encodings.
   * @throws FieldRangeError outside [0, r)
   */
  field(element: FieldElement): this {
    this.#parts.push(fieldToBytes(toFieldElement(element, "a value to be encoded")));
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
    const encoding = new Uint8Array(this.#parts.reduce((length, part) => length + part.length, 0));
    let offset = 0;
    for (const part of this.#parts) {
      encoding.set(part, offset);
      offset += part.length;
    }
    return encoding;
  }

  /** SHA-256 of the encoding. */
  digest(): Uint8Array {
    const hash = sha256.create();
    for (const part of this.#parts) hash.update(part);
    return hash.digest();
  }

  /** SHA-256 of the encoding, modulo r. */
  digestToField(): FieldElement {
    return fieldFromBytes(this.digest());
  }
}
