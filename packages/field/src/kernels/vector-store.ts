import { FIELD_ORDER, type FieldElement, reduce, toFieldElement } from "../element.ts";
import { requireThat } from "./argument-check.ts";
import type { FieldVector, IndexVector, SmallVector } from "./kernels.ts";
import { ELEMENT_BYTES } from "./limbs.ts";
import type { KernelMachine } from "./machine.ts";
import { WORDS_BYTES } from "./vectors/conversion.ts";
import type { ScopedVector } from "./vector-scope.ts";
import { type SmallType, typeOfArray } from "./vectors/small-type.ts";

/** A vector and where it lies; its entries take ELEMENT_BYTES each. */
export interface StoredField extends FieldVector, ScopedVector {
  readonly address: number;
}

export interface StoredSmall extends SmallVector, ScopedVector {
  readonly address: number;
  readonly type: SmallType;
}

export interface StoredIndices extends IndexVector, ScopedVector {
  readonly address: number;
  /** -1 if there are none. */
  readonly largest: number;
  /** Whether no entry is smaller than the one before it. */
  readonly rising: boolean;
}

/** Integers that are converted at once; their words lie in memory for that long. */
const BATCH = 4096;

/** Conversions that are worth a thread. */
const LEAST_CONVERSIONS = 512;

const WORD_BITS = 64n;

/** Vectors in a machine's memory: makes, reads and writes them, and finds out where a vector lies. */
export class VectorStore {
  readonly machine: KernelMachine;
  /** One element that is zero. */
  readonly zero: number;

  constructor(machine: KernelMachine) {
    this.machine = machine;
    this.zero = machine.memory.allocate(ELEMENT_BYTES);
  }

  /** A new vector of undefined entries. */
  allocate(length: number): StoredField {
    const { memory } = this.machine;
    return { kind: "field", length, address: memory.allocate(ELEMENT_BYTES * length), scope: memory.scopes.current };
  }

  /** Entries of a vector as one that lives as long. */
  view({ address, scope }: StoredField, start: number, length: number): StoredField {
    return { kind: "field", length, address: address + ELEMENT_BYTES * start, scope };
  }

  zeros(length: number): StoredField {
    const vector = this.allocate(length);
    this.machine.memory.bytes(vector.address, ELEMENT_BYTES * length).fill(0);
    return vector;
  }

  fromField(values: readonly FieldElement[]): StoredField {
    const vector = this.allocate(values.length);
    this.write(vector.address, ELEMENT_BYTES, values);
    return vector;
  }

  fromSmall(values: Uint8Array | Uint16Array | Int8Array | Int16Array | Int32Array): StoredSmall {
    return { kind: "small", length: values.length, type: typeOfArray(values), ...this.#copyIn(values) };
  }

  fromIndices(values: Uint32Array): StoredIndices {
    let largest = -1;
    let rising = true;
    let last = 0;
    for (const value of values) {
      if (value > largest) largest = value;
      if (value < last) rising = false;
      last = value;
    }
    return { kind: "index", length: values.length, largest, rising, ...this.#copyIn(values) };
  }

  /** @throws {KernelArgumentError} if the vector's scope has ended */
  field(vector: FieldVector): StoredField {
    const stored = vector as StoredField;
    this.machine.memory.scopes.requireAlive(stored);
    return stored;
  }

  /** @throws {KernelArgumentError} if the vector's scope has ended */
  small(vector: SmallVector): StoredSmall {
    const stored = vector as StoredSmall;
    this.machine.memory.scopes.requireAlive(stored);
    return stored;
  }

  /** @throws {KernelArgumentError} if the vector's scope has ended or an index is not below `bound` */
  indices(vector: IndexVector, bound: number): StoredIndices {
    const stored = vector as StoredIndices;
    this.machine.memory.scopes.requireAlive(stored);
    requireThat(stored.largest < bound, `index ${stored.largest} in a vector of ${bound}`);
    return stored;
  }

  /** Canonical values of `count` elements from an address on. */
  read(address: number, count: number): FieldElement[] {
    const { machine } = this;
    const { memory } = machine;
    const values: FieldElement[] = new Array(count);
    memory.scope(() => {
      const words = memory.allocate(WORDS_BYTES * Math.min(count, BATCH));
      for (let done = 0; done < count; done += BATCH) {
        const batch = Math.min(BATCH, count - done);
        const source = address + ELEMENT_BYTES * done;
        machine.run("export", batch, LEAST_CONVERSIONS, () => [source, words]);
        const longs = memory.longs(words, 4 * batch);
        for (let i = 0; i < batch; i++) {
          const high = longs[4 * i + 2]! | (longs[4 * i + 3]! << WORD_BITS);
          const low = longs[4 * i]! | (longs[4 * i + 1]! << WORD_BITS);
          values[done + i] = (low | (high << (2n * WORD_BITS))) as FieldElement;
        }
      }
    });
    return values;
  }

  /** Writes elements to an address and on in steps of `step` bytes. */
  write(address: number, step: number, values: readonly FieldElement[]): void {
    const { machine } = this;
    const { memory } = machine;
    memory.scope(() => {
      const words = memory.allocate(WORDS_BYTES * Math.min(values.length, BATCH));
      for (let done = 0; done < values.length; done += BATCH) {
        const batch = Math.min(BATCH, values.length - done);
        const longs = memory.longs(words, 4 * batch);
        for (let i = 0; i < batch; i++) {
          let rest: bigint = values[done + i]!;
          if (rest < 0n || rest >= FIELD_ORDER) toFieldElement(rest);
          for (let k = 0; k < 4; k++) {
            longs[4 * i + k] = rest;
            rest >>= WORD_BITS;
          }
        }
        machine.run("import", batch, LEAST_CONVERSIONS, () => [words, address + step * done, step]);
      }
    });
  }

  /** The sums of columns of a small matrix of elements, such as each thread's part of a result. */
  columnSums(address: number, rows: number, columns: number): FieldElement[] {
    const values = this.read(address, rows * columns);
    return Array.from({ length: columns }, (_, column) => {
      let sum = 0n;
      for (let row = 0; row < rows; row++) sum += values[row * columns + column]!;
      return reduce(sum);
    });
  }

  #copyIn(values: ArrayBufferView): { readonly address: number } & ScopedVector {
    const { memory } = this.machine;
    const address = memory.allocate(values.byteLength);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    memory.bytes(address, values.byteLength).set(bytes);
    return { address, scope: memory.scopes.current };
  }
}
