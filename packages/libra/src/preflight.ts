import { ZkcmpError } from "@zkcmp/field/error";
import { POINT_BYTES } from "@zkcmp/field/kernels/point-encoding";
import { POSEIDON_RATE } from "@zkcmp/field/poseidon";
import { type LayerBounds, layerBounds } from "@zkcmp/network/bounds";
import {
  type Activation,
  inputCount,
  type NetworkShape,
  parameterCount,
  parseNetworkShape,
} from "@zkcmp/network/shape";
import { columnsOf, MAX_COLUMNS, rowsOf } from "./argument.ts";
import type { LayeredCircuit } from "./circuit/layered-circuit.ts";
import { proofBytes } from "./proof.ts";
import { digitMatrix } from "./sale/digit-weights.ts";
import { rangesOfLayer, saleSystem, type SaleSystem, type SaleVariant } from "./sale/sale-system.ts";
import { scoreMatrix } from "./sale/score-circuit.ts";
import { isHeldAsField, variablesOf } from "./table.ts";
import { openingVariables } from "./verifier/table-claims.ts";

/** What a proof of a sale will take. */
export interface LibraPreflight {
  /** Product gates of all copies of all circuits; matrix products have none. */
  readonly gates: number;
  /** Entries of all committed tables. */
  readonly entries: number;
  /** Exact. */
  readonly proofBytes: number;
  /** Of the prover; rough. */
  readonly memoryBytes: number;
}

/** A computer, or the part of it that a program may use. */
export interface ProvingHost {
  /** Threads that work at the same time. */
  readonly cores: number;
  /** Bytes that the proof may take; Infinity where nobody knows. */
  readonly memoryBytes: number;
}

/** What a proof will take on a host. */
export interface ForeseenProof extends LibraPreflight {
  /** For its cores, and rough. */
  readonly proofSeconds: number;
}

/** The statement is too large for a proof on this computer. Nothing has been started. */
export class SaleTooLargeError extends ZkcmpError {
  readonly preflight: LibraPreflight;

  constructor(problem: string, preflight: LibraPreflight) {
    super(problem, "Prove fewer rows, or sell a network with fewer hidden neurons.");
    this.preflight = preflight;
  }
}

/** WebAssembly's memory has 32-bit addresses. */
const KERNEL_MEMORY = 4 * 2 ** 30;
/** A field element in the kernels' memory. */
const ELEMENT_BYTES = 36;
/** Node, the kernels' code and the generators; what JavaScript holds for an entry. Measured with 784-128-10, 1,000 and 4,000 rows. */
const FIXED_BYTES = 340 * 2 ** 20;
const SCRIPT_ENTRY_BYTES = 4;

/**
 * Foresees a proof.
 * @param sale its variant, or its system where that is there already
 * @throws ShapeError, StatementError as `saleSystem`
 * @throws {SaleTooLargeError} if the kernels' memory cannot hold it
 */
export function preflight(sale: SaleVariant | SaleSystem): LibraPreflight {
  const system = "argument" in sale ? sale : saleSystem(sale);
  const entries = system.argument.tables.reduce((sum, { copies, slots }) => sum + copies * slots, 0);
  const kernelBytes = foreseenKernelBytes(system);
  const result: LibraPreflight = {
    gates: circuitsOf(system).reduce((sum, { circuit, copies }) => sum + copies * productGates(circuit), 0),
    entries,
    proofBytes: foreseenProofBytes(system),
    memoryBytes: FIXED_BYTES + SCRIPT_ENTRY_BYTES * entries + kernelBytes,
  };
  if (kernelBytes > KERNEL_MEMORY) {
    throw new SaleTooLargeError(
      `The proof needs ${(kernelBytes / 2 ** 30).toFixed(1)} GiB of WebAssembly memory, more than its 4 GiB`,
      result,
    );
  }
  return result;
}

/** Core seconds with two cores of an AMD EPYC (Zen 5) and Node 24.21, from 4-4-2 to 784-128-10 with 1,000 rows. */
const MEASURED = { fixed: 1, entry: 1.2e-6 } as const;

/**
 * Foresees a proof on a host.
 * @throws {SaleTooLargeError} if the kernels' memory, or the host's, cannot hold it
 * @throws ShapeError, StatementError if there is no such proof
 */
export function foreseeProof(sale: SaleVariant | SaleSystem, { cores, memoryBytes }: ProvingHost): ForeseenProof {
  const foreseen = preflight(sale);
  if (foreseen.memoryBytes > memoryBytes) {
    throw new SaleTooLargeError(
      `The proof needs ${gibibytes(foreseen.memoryBytes)} of memory, and ${gibibytes(memoryBytes)} can be used now`,
      foreseen,
    );
  }
  return { ...foreseen, proofSeconds: proofSeconds(foreseen, cores) };
}

/** Seconds that a proof takes with some cores; rough. */
export function proofSeconds({ entries }: Pick<LibraPreflight, "entries">, cores: number): number {
  return MEASURED.fixed + (MEASURED.entry * entries) / cores;
}

/** One line for people. */
export function describeProof({ gates, entries, memoryBytes, proofBytes, proofSeconds }: ForeseenProof): string {
  const count = (value: number): string => value.toLocaleString("en-US");
  return (
    `no setup, ${count(entries)} committed entries, ${count(gates)} gates, memory ${gibibytes(memoryBytes)}, ` +
    `proof about ${Math.ceil(proofSeconds)} s and ${count(proofBytes)} bytes`
  );
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}

/** Bytes at the most in the kernels' memory: all tables, and what the largest of the prover's steps needs beside. */
export function foreseenKernelBytes(system: SaleSystem): number {
  const { argument, shape, rows, bounds, activations, scores, words, permutations } = system;
  const tables = argument.tables.reduce((sum, table) => {
    const { copies, slots, wide } = table;
    return sum + copies * slots + ELEMENT_BYTES * copies * (isHeldAsField(table) ? slots : wide.length);
  }, 0);

  const inputs = 2 * rows * inputCount(shape);
  const network = parameterCount(shape) * (shape.weightBits <= 8 ? 1 : 2);
  const hidden = shape.layers.slice(1).map((layer, i) => rows * layer.inputs * integerBytes(bounds[i + 1]!.inputMax));
  const digits = words.words * digitMatrix(words).columns;
  const labels = scores.kind === "accuracy" ? rows * scoreMatrix(scores, rows).columns : 0;
  const boxes = permutations.reduce((sum, { permutation, copies }) => sum + copies * permutation.circuit.inputSlots, 0);
  const steps = [
    inputs + network + hidden.reduce((sum, bytes) => sum + bytes, 0),
    ...activations.map((group) => circuitBytes({ circuit: group.circuit, copies: rows }, group.wide.length === 0)),
    circuitBytes({ circuit: scores.circuit, copies: rows }, false),
    (2 * ELEMENT_BYTES + LABEL_BYTES) * labels,
    circuitBytes({ circuit: words.circuit, copies: words.words }, true),
    ...permutations.map(
      ({ permutation, copies }) => ELEMENT_BYTES * boxes + layerBytes({ circuit: permutation.circuit, copies }),
    ),
    (2 * ELEMENT_BYTES + 2) * digits,
    // The verifier, whom the prover runs at its end.
    inputs + (ELEMENT_BYTES + LABEL_BYTES) * labels + ELEMENT_BYTES * digits,
  ];
  return tables + Math.max(...steps);
}

/** As `labelWeights` makes them: an entry as a byte, as a field element and its row's index. */
const LABEL_BYTES = 1 + ELEMENT_BYTES + 4;

/** As the prover's `integerMatrix` holds integers. */
function integerBytes(max: bigint): number {
  if (max < 1n << 8n) return 1;
  if (max < 1n << 16n) return 2;
  return max < 1n << 31n ? 4 : ELEMENT_BYTES;
}

/** What the prover of a circuit makes of its table: bits are field elements from the first fold on, all others at once. */
function circuitBytes({ circuit, copies }: CircuitCopies, isBits: boolean): number {
  const folded = 2 ** Math.max(variablesOf(copies) - 1, 0);
  const left = isBits ? Math.min(copies, folded) : copies;
  return ELEMENT_BYTES * left * circuit.inputSlots + layerBytes({ circuit, copies });
}

/** The values of a circuit's layers below the top. */
function layerBytes({ circuit, copies }: CircuitCopies): number {
  return ELEMENT_BYTES * copies * circuit.layers.slice(0, -1).reduce((sum, { slots }) => sum + slots, 0);
}

interface CircuitCopies {
  readonly circuit: LayeredCircuit;
  readonly copies: number;
}

function circuitsOf({ rows, activations, scores, words, surplus, permutations }: SaleSystem): CircuitCopies[] {
  return [
    ...activations.map(({ circuit }) => ({ circuit, copies: rows })),
    { circuit: scores.circuit, copies: rows },
    { circuit: words.circuit, copies: words.words },
    { circuit: surplus.circuit, copies: 1 },
    ...permutations.map(({ permutation, copies }) => ({ circuit: permutation.circuit, copies })),
  ];
}

function productGates({ layers }: LayeredCircuit): number {
  return layers.reduce((sum, { products }) => sum + products.length, 0);
}

/**
 * Bytes that any proof of a sale has at the least: a commitment for every row of what neurons and weights take. Known before any
 * circuit is made.
 * @throws ShapeError if the shape is none, or a bound passes 2^250
 */
export function leastProofBytes(shape: NetworkShape, rows: number): number {
  const bounds = layerBounds(parseNetworkShape(shape));
  const neurons = shape.layers
    .slice(0, -1)
    .reduce((sum, { activation, outputs }, layer) => sum + outputs * activationBits(activation, bounds[layer]!), 0);
  const entries = rows * neurons + parameterCount(shape) * shape.weightBits;
  return POINT_BYTES * Math.ceil(entries / MAX_COLUMNS);
}

function activationBits(activation: Activation, { magnitudeBits }: LayerBounds): number {
  return activation === "square" ? 1 : magnitudeBits + 1;
}

/** What the verifier in sale/verifier.ts receives, step by step. */
export function foreseenProofBytes(system: SaleSystem): number {
  const { argument, shape, words, scores, permutations } = system;
  const columns = columnsOf(argument);
  const counts = { chunks: 0, messages: 0, products: 0 };
  const receive = (messages: number): void => {
    counts.chunks++;
    counts.messages += messages;
  };
  const rounds = (variables: number): void => {
    for (let round = 0; round < variables; round++) receive(3);
  };
  const dense = (copies: number, matrixColumns: number): void => {
    rounds(variablesOf(copies) + variablesOf(matrixColumns));
    receive(1);
  };

  shape.layers.forEach(({ inputs }, layer) => {
    const parts = rangesOfLayer(system, layer).length;
    receive(1 + Math.max(parts, 1));
    if (parts > 1) receive(parts);
    rounds(variablesOf(inputs));
    receive(layer > 0 ? 2 : 1);
    if (layer > 0) counts.products++;
  });
  for (const { circuit, copies } of circuitsOf(system)) {
    circuit.layers.forEach((_, index) => {
      const slots = circuit.layers[index - 1]?.slots ?? circuit.inputSlots;
      rounds(variablesOf(copies) + 2 * variablesOf(slots));
      receive(2);
      receive(1);
      counts.products++;
    });
  }
  for (let group = 0; group < permutations.length; group++) receive(1);
  if (scores.kind === "accuracy") {
    receive(1);
    dense(system.rows, scoreMatrix(scores, system.rows).columns);
  }
  dense(words.words, digitMatrix(words).columns);
  for (const terms of relationTerms(system)) receive(terms);

  rounds(Math.max(...argument.tables.map((table) => openingVariables(table, columns))));
  receive(argument.tables.length);
  receive(counts.products + 3);
  const rows = argument.tables.reduce((sum, table) => sum + rowsOf(table, columns), 0);
  return proofBytes({ ...counts, rows, columns });
}

/** By relation of sale/relations.ts, its terms. */
function relationTerms({ words, uses, committed }: SaleSystem): number[] {
  const some = (holds: boolean): number => (holds ? 1 : 0);
  const { model, modelEnd } = uses;
  const unused = words.digits % words.digitsPerWord !== 0;
  const pads = some(words.words >= POSEIDON_RATE) + some(words.words % POSEIDON_RATE !== 0);
  const end = some(modelEnd !== null);
  return [
    2,
    ...(unused ? [1] : []),
    1 + pads,
    2,
    5,
    ...(committed
      ? [some(model.copies > 0) + some(model.copies > 1) + end + 1, 2 * some(model.copies > 0) + 2 * end]
      : []),
  ];
}
