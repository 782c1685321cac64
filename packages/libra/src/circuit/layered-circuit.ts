import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { type FieldElement, fieldToBytes, reduce } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";

/*
 * Data-parallel layered arithmetic circuits (Libra, section 3; Hyrax, section 3 for the copies): every copy has the same wiring,
 * and a gate may read any slot of the layer below in its own copy only. What GKR proves about a circuit costs its prover time
 * linear in copies x gates, and its verifier time linear in the gates of one copy.
 */

/** Adds coefficient * below[left] * below[right] to slot `out`. */
export interface ProductGate {
  readonly out: number;
  readonly left: number;
  readonly right: number;
  readonly coefficient: FieldElement;
}

/** Adds coefficient * below[input] to slot `out`. */
export interface LinearGate {
  readonly out: number;
  readonly input: number;
  readonly coefficient: FieldElement;
}

/** Adds the value to slot `out` in every used copy. */
export interface ConstantGate {
  readonly out: number;
  readonly value: FieldElement;
}

/** Gates in the order of (out, left, right), (out, input) and out, none twice, none with coefficient 0. */
export interface CircuitLayer {
  /** A power of two; slots that no gate writes are 0. */
  readonly slots: number;
  readonly products: readonly ProductGate[];
  readonly linear: readonly LinearGate[];
  readonly constants: readonly ConstantGate[];
}

/**
 * A circuit as {@link LayeredCircuitBuilder} makes it. Slot numbers count within one copy. In padding copies, those beyond the
 * table's, everything is zero, constants included, so that padding costs nothing.
 */
export interface LayeredCircuit {
  readonly name: string;
  /** A power of two. */
  readonly inputSlots: number;
  /** From the input upwards; at least one. */
  readonly layers: readonly CircuitLayer[];
}

/** A circuit was described that cannot be: a slot out of range, an empty layer, a number of slots that is no power of two. */
export class LayeredCircuitError extends ZkcmpError {
  constructor(circuit: string, problem: string) {
    super(`the layered circuit ${circuit} ${problem}`, "Correct the description of the circuit.");
  }
}

const ONE = reduce(1n);
/** Three slot numbers make one exact number below 2^48. */
const SLOTS_AT_MOST = 2 ** 16;

/** Adds gates to one layer. Gates with the same slots are added up, also with left and right exchanged. */
export class LayerBuilder {
  readonly slots: number;
  readonly #circuit: string;
  readonly #below: number;
  readonly #products = new Map<number, bigint>();
  readonly #linear = new Map<number, bigint>();
  readonly #constants = new Map<number, bigint>();

  constructor(circuit: string, below: number, slots: number) {
    this.#circuit = circuit;
    this.#below = below;
    this.slots = slots;
  }

  /** @throws {LayeredCircuitError} if a slot is out of range */
  product(out: number, left: number, right: number, coefficient: FieldElement = ONE): this {
    this.#checkOut(out);
    this.#checkBelow(left);
    this.#checkBelow(right);
    const key = (out * this.#below + Math.min(left, right)) * this.#below + Math.max(left, right);
    this.#products.set(key, (this.#products.get(key) ?? 0n) + coefficient);
    return this;
  }

  /** @throws {LayeredCircuitError} if a slot is out of range */
  linear(out: number, input: number, coefficient: FieldElement = ONE): this {
    this.#checkOut(out);
    this.#checkBelow(input);
    const key = out * this.#below + input;
    this.#linear.set(key, (this.#linear.get(key) ?? 0n) + coefficient);
    return this;
  }

  /** @throws {LayeredCircuitError} if the slot is out of range */
  constant(out: number, value: FieldElement): this {
    this.#checkOut(out);
    this.#constants.set(out, (this.#constants.get(out) ?? 0n) + value);
    return this;
  }

  /** @throws {LayeredCircuitError} if no gate is left */
  build(): CircuitLayer {
    const below = this.#below;
    const layer: CircuitLayer = {
      slots: this.slots,
      products: sortedEntries(this.#products).map(([key, coefficient]) => {
        const outAndLeft = Math.floor(key / below);
        return { out: Math.floor(outAndLeft / below), left: outAndLeft % below, right: key % below, coefficient };
      }),
      linear: sortedEntries(this.#linear).map(([key, coefficient]) => ({
        out: Math.floor(key / below),
        input: key % below,
        coefficient,
      })),
      constants: sortedEntries(this.#constants).map(([out, value]) => ({ out, value })),
    };
    if (layer.products.length + layer.linear.length + layer.constants.length === 0) {
      throw new LayeredCircuitError(this.#circuit, "has a layer without gates");
    }
    return layer;
  }

  #checkOut(slot: number): void {
    if (!isSlot(slot, this.slots)) {
      throw new LayeredCircuitError(this.#circuit, `writes slot ${slot} of a layer of ${this.slots}`);
    }
  }

  #checkBelow(slot: number): void {
    if (!isSlot(slot, this.#below)) {
      throw new LayeredCircuitError(this.#circuit, `reads slot ${slot} of a layer of ${this.#below}`);
    }
  }
}

/** Describes a circuit layer by layer, from the input upwards. */
export class LayeredCircuitBuilder {
  readonly #name: string;
  readonly #inputSlots: number;
  readonly #layers: LayerBuilder[] = [];

  /**
   * @param inputSlots slots of the input table, a power of two
   * @throws {LayeredCircuitError} if it is none
   */
  constructor(name: string, inputSlots: number) {
    checkSlots(name, inputSlots);
    this.#name = name;
    this.#inputSlots = inputSlots;
  }

  /**
   * The next layer up.
   * @param slots a power of two, at most 65,536
   * @throws {LayeredCircuitError} if it is none
   */
  layer(slots: number): LayerBuilder {
    checkSlots(this.#name, slots);
    const layer = new LayerBuilder(this.#name, this.#layers.at(-1)?.slots ?? this.#inputSlots, slots);
    this.#layers.push(layer);
    return layer;
  }

  /** @throws {LayeredCircuitError} without layers, or if a layer has no gates */
  build(): LayeredCircuit {
    if (this.#layers.length === 0) throw new LayeredCircuitError(this.#name, "has no layers");
    return {
      name: this.#name,
      inputSlots: this.#inputSlots,
      layers: this.#layers.map((layer) => layer.build()),
    };
  }
}

/** SHA-256 of everything a circuit is, its name included; what makes an argument's digest. */
export function circuitDigest(circuit: LayeredCircuit): Uint8Array {
  const hash = sha256.create();
  const name = utf8ToBytes(circuit.name);
  hash.update(unsigned([name.length])).update(name);
  hash.update(unsigned([circuit.inputSlots, circuit.layers.length]));
  for (const { slots, products, linear, constants } of circuit.layers) {
    hash.update(unsigned([slots, products.length, linear.length, constants.length]));
    hash.update(unsigned(products.flatMap(({ out, left, right }) => [out, left, right])));
    hash.update(unsigned(linear.flatMap(({ out, input }) => [out, input])));
    hash.update(unsigned(constants.map(({ out }) => out)));
    for (const { coefficient } of products) hash.update(fieldToBytes(coefficient));
    for (const { coefficient } of linear) hash.update(fieldToBytes(coefficient));
    for (const { value } of constants) hash.update(fieldToBytes(value));
  }
  return hash.digest();
}

/** Four big-endian bytes for each number. */
function unsigned(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => {
    view.setUint32(4 * i, value);
  });
  return new Uint8Array(view.buffer);
}

function sortedEntries(gates: ReadonlyMap<number, bigint>): [number, FieldElement][] {
  return [...gates]
    .map(([key, value]): [number, FieldElement] => [key, reduce(value)])
    .filter(([, value]) => value !== 0n)
    .sort(([left], [right]) => left - right);
}

function isSlot(slot: number, slots: number): boolean {
  return Number.isInteger(slot) && slot >= 0 && slot < slots;
}

function checkSlots(circuit: string, slots: number): void {
  if (!Number.isInteger(slots) || slots < 1 || slots > SLOTS_AT_MOST || (slots & (slots - 1)) !== 0) {
    throw new LayeredCircuitError(
      circuit,
      `has a layer of ${slots} slots, which is no power of two up to ${SLOTS_AT_MOST}`,
    );
  }
}
