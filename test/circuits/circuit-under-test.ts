import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { FIELD_ORDER, reduce } from "@zkcmp/field/element";
import { compileCircuit } from "@zkcmp/groth16/compile";
import { checkWitness, type R1cs, readR1cs, terms } from "@zkcmp/groth16/r1cs";
import { readSymbols, type Symbols } from "@zkcmp/groth16/sym";
import { calculateWitness, type SignalValue } from "@zkcmp/groth16/witness-calculator";
import { decodeWitness } from "@zkcmp/groth16/wtns";
import { assignmentsOnly } from "./circuit-source.ts";
import { type BitDecomposition, evaluate, SignalDefinitions } from "./signal-definitions.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BUILD_FOLDER = join(ROOT, "build/circuits");
const SOURCES = join(ROOT, "circuits");

/** The circuits that are tested; the deletion test names a folder of weakened ones, which are built beside it. */
const WEAKENED = process.env.ZKCMP_CIRCUITS_FOLDER;

/** Milliseconds that a suite may take where it compiles circuits; a machine may be busy. */
export const COMPILE_TIMEOUT = 300_000;

/** Values of signals or arrays of signals by name. */
export type SignalValues = Readonly<Record<string, SignalValue>>;

/** A witness that breaks the statement satisfies every constraint. */
export class ForgeryAcceptedError extends Error {}

/** The constraints refuse a witness that they should accept, or refuse it for another reason than the test's. */
export class WrongVerdictError extends Error {}

/** The values of all signals of one circuit, honest or forged. Signals are named as inside the template: `bits.out[3]`. */
export interface Assignment {
  readonly values: readonly bigint[];
}

/**
 * One template with parameters, compiled without simplification, so that each signal of the source has a wire and each
 * `<==` and `===` is a constraint of its own.
 */
export class CircuitUnderTest {
  /** Where the signals are defined: the circuit as it stands in the project, without its `===`. */
  readonly #symbols: Symbols;
  readonly #definitions: SignalDefinitions;
  /** The constraints that are tested. */
  readonly r1cs: R1cs;
  readonly #wasmPath: string;
  /** The wire in #symbols for every wire of r1cs. */
  readonly #wireOf: readonly number[];
  readonly #nameOf: readonly string[];

  private constructor(
    symbols: Symbols,
    definitions: SignalDefinitions,
    tested: { r1cs: R1cs; symbols: Symbols; wasmPath: string },
  ) {
    this.#symbols = symbols;
    this.#definitions = definitions;
    this.r1cs = tested.r1cs;
    this.#wasmPath = tested.wasmPath;
    const names = new Array<string>(this.r1cs.wireCount).fill("");
    for (const name of tested.symbols.names()) names[tested.symbols.wire(name)] ||= name;
    this.#nameOf = names.map((name) => name.replace(/^main\./, ""));
    this.#wireOf = names.map((name) => (name === "" ? 0 : symbols.wire(name)));
  }

  /**
   * @param file of the template, below circuits/ or circomlib's
   * @param call the template with its parameters: `Activation(0, 8, 3)`
   * @param publicInputs names of the main component's public inputs
   */
  static async compile(file: string, call: string, publicInputs: readonly string[] = []): Promise<CircuitUnderTest> {
    const [defining, tested] = await Promise.all([
      compileTemplate(hasAssertions(file) ? assignmentsFolder() : SOURCES, file, call, publicInputs),
      compileTemplate(WEAKENED ?? SOURCES, file, call, publicInputs),
    ]);
    const definitions = new SignalDefinitions(defining.r1cs, decompositions(defining.symbols));
    return new CircuitUnderTest(defining.symbols, definitions, tested);
  }

  /** The honest witness, from the compiler's calculator. */
  async calculate(input: SignalValues): Promise<Assignment> {
    const values: bigint[] = [];
    decodeWitness(await calculateWitness(this.#wasmPath, input)).forEach(
      (value, wire) => (values[this.#wireOf[wire]!] = value),
    );
    return { values };
  }

  get(assignment: Assignment, name: string): bigint {
    return assignment.values[this.#symbols.wire(`main.${name}`)]!;
  }

  /** The values of an array of signals, in order of the index. */
  list(assignment: Assignment, name: string): bigint[] {
    return this.#symbols
      .names()
      .filter((full) => full.startsWith(`main.${name}[`) && full.endsWith("]") && !full.includes(".", 5 + name.length))
      .map((full) => assignment.values[this.#symbols.wire(full)]!);
  }

  /** The names of the outputs and public inputs, in the order of a proof. */
  publicSignals(): string[] {
    return this.#nameOf.slice(1, 1 + this.r1cs.publicCount);
  }

  /** Signals that a hand-written template computes; those inside of circomlib's templates are left out. */
  ownSignals(): string[] {
    const computed = new Set(this.#definitions.wires());
    return this.#symbols
      .names()
      .filter((name) => computed.has(this.#symbols.wire(name)))
      .map((name) => name.replace(/^main\./, ""))
      .filter((name) => !/(^|\.)(ark|sigmaF|sigmaP|mix|mixS|mixLast)\[|\.out\[\d+\]$/.test(name));
  }

  /**
   * Sets signals and recomputes everything that follows from them.
   * @param hold signals that keep the value they have in `from`, as if their own definition were not there
   */
  forge(from: Assignment, changes: SignalValues, hold: readonly string[] = []): Assignment {
    const wires = new Map<number, bigint>();
    for (const name of hold) wires.set(this.#symbols.wire(`main.${name}`), this.get(from, name));
    for (const [name, value] of Object.entries(changes)) this.#collect(`main.${name}`, value, wires);
    return { values: this.#definitions.recompute(from.values, wires) };
  }

  /** Changes one signal and nothing else. */
  withSignal(from: Assignment, name: string, value: bigint): Assignment {
    return { values: from.values.with(this.#symbols.wire(`main.${name}`), reduce(value)) };
  }

  /** The witness of another compilation of the same circuit, in which some signals have no wire. */
  project(assignment: Assignment, symbols: Symbols, wireCount: number): bigint[] {
    const witness = new Array<bigint>(wireCount).fill(1n);
    for (const name of symbols.names()) witness[symbols.wire(name)] = assignment.values[this.#symbols.wire(name)]!;
    return witness;
  }

  #collect(name: string, value: SignalValue, wires: Map<number, bigint>): void {
    if (typeof value === "bigint") wires.set(this.#symbols.wire(name), value);
    else value.forEach((entry, i) => this.#collect(`${name}[${i}]`, entry, wires));
  }

  /** The names of the signals of every constraint that does not hold. */
  violations(assignment: Assignment): string[][] {
    const witness = this.#witness(assignment);
    const violated: string[][] = [];
    for (let i = 0; i < this.r1cs.constraintCount; i++) {
      const [a, b, c] = [terms(this.r1cs, i, 0), terms(this.r1cs, i, 1), terms(this.r1cs, i, 2)];
      if ((evaluate(a, witness) * evaluate(b, witness) - evaluate(c, witness)) % FIELD_ORDER === 0n) continue;
      violated.push([...a, ...b, ...c].filter(({ wire }) => wire !== 0).map(({ wire }) => this.#nameOf[wire]!));
    }
    return violated;
  }

  accepts(assignment: Assignment): boolean {
    return checkWitness(this.r1cs, this.#witness(assignment)) === null;
  }

  /** @throws {WrongVerdictError} if a constraint does not hold */
  expectAccepted(assignment: Assignment): void {
    if (this.accepts(assignment)) return;
    throw new WrongVerdictError(`refused by the constraint over ${this.violations(assignment)[0]!.join(", ")}`);
  }

  /**
   * @param pins signals (or arrays) of the constraints under test: no other constraint may refuse the witness, so that
   * a circuit without them would accept it
   * @throws {ForgeryAcceptedError} if all constraints hold
   * @throws {WrongVerdictError} if a constraint without any of the named signals does not hold
   */
  expectRejected(assignment: Assignment, ...pins: readonly string[]): void {
    if (this.accepts(assignment)) throw new ForgeryAcceptedError("the forged witness was accepted");
    if (pins.length === 0) return;
    const other = this.violations(assignment).find(
      (names) => !names.some((name) => pins.some((pin) => name === pin || name.startsWith(`${pin}[`))),
    );
    if (other !== undefined) throw new WrongVerdictError(`also refused by the constraint over ${other.join(", ")}`);
  }

  #witness(assignment: Assignment): bigint[] {
    return this.#wireOf.map((wire) => assignment.values[wire]!);
  }
}

async function compileTemplate(folder: string, file: string, call: string, publicInputs: readonly string[]) {
  const visibility = publicInputs.length === 0 ? "" : ` {public [${publicInputs.join(", ")}]}`;
  const compiled = await compileCircuit(
    {
      name: `test-${call.replace(/\(.*/s, "").toLowerCase()}`,
      main: `pragma circom 2.2.3;\ninclude "${file}";\ncomponent main${visibility} = ${call};\n`,
      includes: [folder, join(ROOT, "node_modules")],
    },
    { buildFolder: folder === WEAKENED ? join(folder, "../build") : BUILD_FOLDER, optimisation: "O0" },
  );
  const [r1cs, symbols] = await Promise.all([readR1cs(compiled.r1csPath), readSymbols(compiled.symPath)]);
  return { r1cs, symbols, wasmPath: compiled.wasmPath };
}

/** Whether a file of the project, or one that it includes, has an `===`. */
function hasAssertions(file: string): boolean {
  if (!existsSync(join(SOURCES, file))) return false;
  const text = readFileSync(join(SOURCES, file), "utf8");
  const included = [...text.matchAll(/^include "(\..*)";/gm)].map((match) => join(dirname(file), match[1]!));
  return text !== assignmentsOnly(text) || included.some(hasAssertions);
}

/** Copies of the project's circuits with every `===` removed, named after their content. */
function assignmentsFolder(): string {
  const files = globSync("**/*.circom", { cwd: SOURCES }).map(
    (path) => [path, assignmentsOnly(readFileSync(join(SOURCES, path), "utf8"))] as const,
  );
  const hash = createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 16);
  const folder = join(ROOT, "build", `circuit-assignments-${hash}`);
  if (existsSync(folder)) return folder;
  const staging = `${folder}.${process.pid}.tmp`;
  for (const [path, text] of files) {
    mkdirSync(dirname(join(staging, path)), { recursive: true });
    writeFileSync(join(staging, path), text);
  }
  try {
    renameSync(staging, folder);
  } catch (error) {
    rmSync(staging, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Every Num2Bits of a circuit: the one template with a single input `in` and an array of outputs `out`. */
function decompositions(symbols: Symbols): BitDecomposition[] {
  const names = new Set(symbols.names());
  const found = new Map<string, number[]>();
  for (const name of names) {
    const match = /^(.*)\.out\[(\d+)\]$/.exec(name);
    if (match === null || !names.has(`${match[1]}.in`)) continue;
    const bits = found.get(match[1]!) ?? [];
    bits[Number(match[2])] = symbols.wire(name);
    found.set(match[1]!, bits);
  }
  return [...found].map(([path, bits]) => ({ input: symbols.wire(`${path}.in`), bits }));
}
