/*
 * The bytes of WebAssembly's binary format (WebAssembly Core Specification 2.0, chapter 5): numbers, vectors, sections and the
 * instructions that the kernels use.
 */

/** Bytes in nested lists, so that composing instructions copies nothing; {@link flatten} puts them in a row. */
export type Code = number | Uint8Array | readonly Code[];

export function flatten(code: Code): Uint8Array<ArrayBuffer> {
  const sink = new ByteSink();
  sink.append(code);
  return sink.bytes();
}

/** Bytes that grow at their end. */
class ByteSink {
  #buffer = new Uint8Array(1024);
  #length = 0;

  append(code: Code): void {
    if (typeof code === "number") {
      this.#reserve(1);
      this.#buffer[this.#length++] = code;
    } else if (code instanceof Uint8Array) {
      this.#reserve(code.length);
      this.#buffer.set(code, this.#length);
      this.#length += code.length;
    } else {
      for (const part of code) this.append(part);
    }
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#buffer.slice(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#buffer.length) return;
    const larger = new Uint8Array(2 * (this.#length + count));
    larger.set(this.#buffer);
    this.#buffer = larger;
  }
}

/** LEB128 of an unsigned integer (5.2.2). */
export function unsignedNumber(value: number): number[] {
  const bytes: number[] = [];
  for (;;) {
    const low = value % 128;
    value = Math.floor(value / 128);
    if (value === 0) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

/** LEB128 of a signed integer, of 32 or 64 bits (5.2.2). */
export function signedNumber(value: bigint): number[] {
  const bytes: number[] = [];
  for (;;) {
    const low = Number(value & 0x7fn);
    value >>= 7n;
    const done = value === ((low & 0x40) === 0 ? 0n : -1n);
    if (done) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

export function name(text: string): Code {
  const bytes = new TextEncoder().encode(text);
  return [unsignedNumber(bytes.length), bytes];
}

export function vector(items: readonly Code[]): Code {
  return [unsignedNumber(items.length), items];
}

/** A section or another part that is preceded by its length. */
export function sized(content: Code): Code {
  const bytes = flatten(content);
  return [unsignedNumber(bytes.length), bytes];
}

export const TYPE = { i32: 0x7f, i64: 0x7e } as const;

export type ValueType = keyof typeof TYPE;

export const SECTION = { custom: 0, type: 1, import: 2, function: 3, export: 7, code: 10 } as const;

/** Opcodes (5.4). */
export const OP = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  return: 0x0f,
  call: 0x10,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  globalGet: 0x23,
  i32Load: 0x28,
  i64Load: 0x29,
  i32Load8S: 0x2c,
  i32Load8U: 0x2d,
  i32Load16S: 0x2e,
  i32Load16U: 0x2f,
  i64Load8S: 0x30,
  i64Load8U: 0x31,
  i64Load16S: 0x32,
  i64Load16U: 0x33,
  i64Load32S: 0x34,
  i64Load32U: 0x35,
  i32Store: 0x36,
  i64Store: 0x37,
  i32Store8: 0x3a,
  i64Store32: 0x3e,
  i32Const: 0x41,
  i64Const: 0x42,
  i32Eqz: 0x45,
  i32Eq: 0x46,
  i32Ne: 0x47,
  i32LtS: 0x48,
  i32LtU: 0x49,
  i32GtU: 0x4b,
  i32GeU: 0x4f,
  i64Eqz: 0x50,
  i64LtS: 0x53,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Mul: 0x6c,
  i32And: 0x71,
  i32Or: 0x72,
  i32Xor: 0x73,
  i32Shl: 0x74,
  i32ShrS: 0x75,
  i32ShrU: 0x76,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64And: 0x83,
  i64Or: 0x84,
  i64Shl: 0x86,
  i64ShrS: 0x87,
  i64ShrU: 0x88,
  i32WrapI64: 0xa7,
  i64ExtendI32S: 0xac,
  i64ExtendI32U: 0xad,
} as const;

export const EMPTY_BLOCK = 0x40;
