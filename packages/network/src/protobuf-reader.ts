/** How a field's value stands in the bytes (protobuf's "wire types"). Groups, which nothing writes any more, are refused. */
const WIRE = { varint: 0, fixed64: 1, length: 2, fixed32: 5 } as const;

/** What a reader does with one field of a message; fields of other numbers are skipped. */
export type FieldReader = (reader: ProtobufReader) => void;

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Reads messages of the protobuf wire format. The schema is what the caller reads: no code is made at run time, which a page that
 * forbids `eval` would refuse.
 * Format: "Encoding" in the documentation of Protocol Buffers.
 */
export class ProtobufReader {
  readonly #view: DataView;
  #at = 0;
  /** Wire type of the field that is being read. */
  #wire = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Reads all fields, each by its number. @throws {RangeError} if the bytes are no such message */
  message(fields: Readonly<Record<number, FieldReader>>): void {
    while (this.#at < this.#view.byteLength) {
      const tag = Number(this.#varint());
      const [number, wire] = [Math.floor(tag / 8), tag % 8];
      if (number === 0) throw new RangeError("a field has the number 0");
      this.#wire = wire;
      const read = Object.hasOwn(fields, number) ? fields[number] : undefined;
      if (read === undefined) this.#skip();
      else read(this);
    }
  }

  /** An int64, rounded to a number. */
  int64(): number {
    this.#expect(WIRE.varint);
    return Number(BigInt.asIntN(64, this.#varint()));
  }

  int32(): number {
    this.#expect(WIRE.varint);
    return Number(BigInt.asIntN(32, this.#varint()));
  }

  float(): number {
    this.#expect(WIRE.fixed32);
    return this.#view.getFloat32(this.#take(4), true);
  }

  double(): number {
    this.#expect(WIRE.fixed64);
    return this.#view.getFloat64(this.#take(8), true);
  }

  text(): string {
    return UTF8.decode(this.bytes());
  }

  /** A view of the message's bytes. */
  bytes(): Uint8Array {
    this.#expect(WIRE.length);
    const length = Number(this.#varint());
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + this.#take(length), length);
  }

  /** A message within this one. */
  nested<T>(read: (reader: ProtobufReader) => T): T {
    return read(new ProtobufReader(this.bytes()));
  }

  /** Numbers of a repeated field, one alone or many packed. */
  numbers(kind: "int64" | "int32" | "float" | "double", into: number[]): void {
    if (this.#wire !== WIRE.length) return void into.push(this[kind]());
    const packed = new ProtobufReader(this.bytes());
    packed.#wire = { int64: WIRE.varint, int32: WIRE.varint, float: WIRE.fixed32, double: WIRE.fixed64 }[kind];
    while (packed.#at < packed.#view.byteLength) into.push(packed[kind]());
  }

  #skip(): void {
    if (this.#wire === WIRE.varint) this.#varint();
    else if (this.#wire === WIRE.fixed64) this.#take(8);
    else if (this.#wire === WIRE.fixed32) this.#take(4);
    else this.bytes();
  }

  #expect(wire: number): void {
    if (this.#wire !== wire) throw new RangeError(`a field has the wire type ${this.#wire} in the place of ${wire}`);
  }

  /** At most ten bytes, as 64 bits take. */
  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#view.getUint8(this.#take(1));
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new RangeError("a number has more than ten bytes");
  }

  /** @returns where the next `length` bytes begin */
  #take(length: number): number {
    const start = this.#at;
    if (length > this.#view.byteLength - start) throw new RangeError("the message is cut off");
    this.#at += length;
    return start;
  }
}
