import { readFile } from "node:fs/promises";
import { FIELD_BYTES, FIELD_ORDER } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import { frameWitness } from "./wtns.ts";

/** A signal's value, or nested arrays of values for a signal with dimensions. */
export type SignalValue = bigint | readonly SignalValue[];

export interface CircuitInputs {
  readonly [signal: string]: SignalValue;
}

/** An input is missing, unknown, of the wrong size, or outside [0, r). Inputs may be secret: no value is shown. */
export class CircuitInputError extends ZkcmpError {
  constructor(problem: string) {
    super(problem, "Give every input of the circuit exactly the field elements it takes, each in [0, r)");
  }
}

/** The inputs contradict the circuit: no witness exists, so nothing can be proven. */
export class UnsatisfiedCircuitError extends ZkcmpError {
  /** Where in the circuit's source, innermost template first. */
  readonly trace: readonly string[];

  constructor(trace: readonly string[]) {
    super(
      `The inputs do not satisfy the circuit (${trace[0] ?? "no place given"})`,
      "Check that the statement is true of these inputs",
    );
    this.trace = trace;
  }
}

/** The file is no witness calculator that circom 2 made, or it failed in itself. */
export class WitnessCalculatorError extends ZkcmpError {
  constructor(problem: string, options?: ErrorOptions) {
    super(`The witness calculator failed: ${problem}`, "Compile the circuit again", options);
  }
}

interface CalculatorExports {
  getVersion(): number;
  getFieldNumLen32(): number;
  getRawPrime(): void;
  readSharedRWMemory(word: number): number;
  writeSharedRWMemory(word: number, value: number): void;
  init(sanityCheck: number): void;
  getInputSize(): number;
  getInputSignalSize(hashHigh: number, hashLow: number): number;
  setInputSignal(hashHigh: number, hashLow: number, index: number): void;
  getWitnessSize(): number;
  getWitness(wire: number): void;
  getMessageChar(): number;
}

interface WebAssemblyApi {
  instantiate(code: Uint8Array, imports: object): Promise<{ instance: { exports: unknown } }>;
}

const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };

/** What circom's runtime raises when a constraint or an assert of the source does not hold. */
const ASSERT_FAILED = 4;

const FIELD_WORDS = FIELD_BYTES / 4;

/**
 * Runs the WebAssembly witness calculator of a circuit. Unlike the calculators that come with circom and snarkjs it takes
 * canonical values only (they reduce modulo r without a word) and prints nothing.
 * @param wasm the path or the bytes of the .wasm file
 * @returns a .wtns file
 * @throws {CircuitInputError | UnsatisfiedCircuitError | WitnessCalculatorError}
 */
export async function calculateWitness(wasm: string | Uint8Array, inputs: CircuitInputs): Promise<Uint8Array> {
  const flat = Object.entries(inputs).map(([name, value]) => ({ name, values: flatten(name, value) }));
  const calculator = await instantiate(wasm);
  calculator.init(0);
  setInputs(calculator, flat);
  return frameWitness(readValues(calculator));
}

function flatten(name: string, value: SignalValue): bigint[] {
  if (typeof value !== "bigint") return value.flatMap((entry, i) => flatten(`${name}[${i}]`, entry));
  if (value < 0n || value >= FIELD_ORDER) throw new CircuitInputError(`The input ${name} is not in [0, r)`);
  return [value];
}

async function instantiate(wasm: string | Uint8Array): Promise<CalculatorExports> {
  const trace: string[] = [];
  const takeMessage = (): string => {
    let message = "";
    for (let code = calculator.getMessageChar(); code !== 0; code = calculator.getMessageChar()) {
      message += String.fromCharCode(code);
    }
    return message.trim();
  };
  const runtime = {
    exceptionHandler: (code: number) => {
      if (code === ASSERT_FAILED) throw new UnsatisfiedCircuitError(trace);
      throw new WitnessCalculatorError(`exception ${code} (${trace[0] ?? "no place given"})`);
    },
    printErrorMessage: () => trace.push(takeMessage()),
    // A log() in a circuit would show witness values: its text is taken out of the buffer and dropped.
    writeBufferMessage: () => void takeMessage(),
    showSharedRWMemory: () => undefined,
  };
  let calculator: CalculatorExports;
  try {
    const code = typeof wasm === "string" ? await readFile(wasm) : wasm;
    calculator = (await WebAssembly.instantiate(code, { runtime })).instance.exports as CalculatorExports;
  } catch (cause) {
    throw new WitnessCalculatorError("its .wasm file cannot be read or run", { cause });
  }
  if (typeof calculator.getVersion !== "function" || calculator.getVersion() !== 2) {
    throw new WitnessCalculatorError("circom 2 did not make it");
  }
  calculator.getRawPrime();
  const prime = Array.from({ length: calculator.getFieldNumLen32() }, (_, i) => calculator.readSharedRWMemory(i) >>> 0);
  if (prime.reduceRight((value, word) => (value << 32n) | BigInt(word), 0n) !== FIELD_ORDER) {
    throw new WitnessCalculatorError("its field is not BN254's");
  }
  return calculator;
}

function setInputs(
  calculator: CalculatorExports,
  inputs: readonly { name: string; values: readonly bigint[] }[],
): void {
  let count = 0;
  for (const { name, values } of inputs) {
    const hash = fnv1a(name);
    const [high, low] = [Number(hash >> 32n), Number(hash & 0xffffffffn)];
    const size = calculator.getInputSignalSize(high, low);
    if (size <= 0 && values.length > 0) throw new CircuitInputError(`The circuit has no input ${name}`);
    if (size !== values.length) {
      throw new CircuitInputError(`The input ${name} has ${values.length} values, the circuit takes ${size}`);
    }
    count += size;
  }
  if (count !== calculator.getInputSize()) {
    throw new CircuitInputError(`${count} input values were given, the circuit takes ${calculator.getInputSize()}`);
  }
  for (const { name, values } of inputs) {
    const hash = fnv1a(name);
    const [high, low] = [Number(hash >> 32n), Number(hash & 0xffffffffn)];
    for (const [index, value] of values.entries()) {
      for (let word = 0; word < FIELD_WORDS; word++) {
        calculator.writeSharedRWMemory(word, Number((value >> BigInt(32 * word)) & 0xffffffffn));
      }
      calculator.setInputSignal(high, low, index);
    }
  }
}

function readValues(calculator: CalculatorExports): Uint8Array {
  const count = calculator.getWitnessSize();
  const words = new Uint32Array(count * FIELD_WORDS);
  for (let wire = 0; wire < count; wire++) {
    calculator.getWitness(wire);
    for (let word = 0; word < FIELD_WORDS; word++) {
      words[wire * FIELD_WORDS + word] = calculator.readSharedRWMemory(word);
    }
  }
  return new Uint8Array(words.buffer);
}

/** The 64-bit FNV-1a hash by which circom's runtime finds inputs. */
function fnv1a(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  }
  return hash;
}
