import { FIELD_ORDER, reduce } from "@zkcmp/field/element";
import { type R1cs, type Term, terms } from "@zkcmp/groth16/r1cs";

/** Gives the value of one wire from the values of others. */
interface Definition {
  readonly wire: number;
  readonly dependsOn: readonly number[];
  readonly value: (values: readonly bigint[]) => bigint;
}

/** The bits of one Num2Bits: the only signals of the circuits that no constraint defines. */
export interface BitDecomposition {
  readonly input: number;
  readonly bits: readonly number[];
}

/** A sum of terms, unreduced. */
export function evaluate(combination: readonly Term[], values: readonly bigint[]): bigint {
  let sum = 0n;
  for (const { wire, coefficient } of combination) sum += coefficient * values[wire]!;
  return sum;
}

/** a^(r-2), the inverse modulo r. */
export function inverse(a: bigint): bigint {
  let [result, base] = [1n, reduce(a) as bigint];
  for (let exponent = FIELD_ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % FIELD_ORDER;
    base = (base * base) % FIELD_ORDER;
  }
  return result;
}

/**
 * How every signal of a circuit follows from its inputs, in an order in which it can be computed. It is read off the
 * constraints of a circuit that has only assignments left (`a <== e`, no `e === f`): each of them defines one signal.
 */
export class SignalDefinitions {
  readonly #definitions: readonly Definition[];

  constructor(r1cs: R1cs, decompositions: readonly BitDecomposition[]) {
    this.#definitions = definitionsInOrder(r1cs, decompositions);
  }

  /** Wires in the order in which they are computed. */
  wires(): number[] {
    return this.#definitions.map(({ wire }) => wire);
  }

  /**
   * Changes some wires and recomputes what follows from them, but for the changed wires themselves: a forger's witness
   * that is wrong nowhere else.
   */
  recompute(values: readonly bigint[], changes: ReadonlyMap<number, bigint>): bigint[] {
    const result = [...values];
    const changed = new Uint8Array(values.length);
    const assign = (wire: number, value: bigint): void => {
      if (result[wire] === value) return;
      result[wire] = value;
      changed[wire] = 1;
    };
    for (const [wire, value] of changes) assign(wire, reduce(value));
    for (const { wire, dependsOn, value } of this.#definitions) {
      if (!changes.has(wire) && dependsOn.some((other) => changed[other] === 1)) assign(wire, value(result));
    }
    return result;
  }
}

function definitionsInOrder(r1cs: R1cs, decompositions: readonly BitDecomposition[]): Definition[] {
  const constraints = Array.from({ length: r1cs.constraintCount }, (_, i) => {
    const [a, b, c] = [terms(r1cs, i, 0), terms(r1cs, i, 1), terms(r1cs, i, 2)];
    return { a, b, c, wires: new Set([...a, ...b, ...c].map(({ wire }) => wire)) };
  });
  const constraintsOf = new Map<number, number[]>();
  constraints.forEach(({ wires }, i) => {
    for (const wire of wires) constraintsOf.set(wire, [...(constraintsOf.get(wire) ?? []), i]);
  });
  const decompositionOf = new Map(decompositions.map((decomposition) => [decomposition.input, decomposition]));
  const unknown = constraints.map(({ wires }) => wires.size);
  const known = new Uint8Array(r1cs.wireCount);
  const definitions: Definition[] = [];
  const ready: number[] = [];

  const learn = (wire: number): void => {
    if (known[wire] === 1) return;
    known[wire] = 1;
    // Bits come before what could be solved for them: a sum of bits is no definition of its highest bit.
    decompositionOf.get(wire)?.bits.forEach((bit, i) => {
      if (known[bit] === 1) return;
      definitions.push({ wire: bit, dependsOn: [wire], value: (values) => (values[wire]! >> BigInt(i)) & 1n });
      learn(bit);
    });
    for (const i of constraintsOf.get(wire) ?? []) if (--unknown[i]! === 1) ready.push(i);
  };

  constraints.forEach((_, i) => unknown[i] === 1 && ready.push(i));
  learn(0);
  for (let wire = 1 + r1cs.outputCount; wire <= r1cs.publicCount + r1cs.privateInputCount; wire++) learn(wire);
  for (let i = ready.shift(); i !== undefined; i = ready.shift()) {
    const { a, b, c, wires } = constraints[i]!;
    const wire = [...wires].find((candidate) => known[candidate] === 0);
    if (wire === undefined || [...a, ...b].some((term) => term.wire === wire)) continue;
    const scale = inverse(c.find((term) => term.wire === wire)!.coefficient);
    const rest = c.filter((term) => term.wire !== wire);
    definitions.push({
      wire,
      dependsOn: [...wires].filter((other) => other !== wire && other !== 0),
      value: (values) => reduce((evaluate(a, values) * evaluate(b, values) - evaluate(rest, values)) * scale),
    });
    learn(wire);
  }
  if (known.includes(0)) throw new Error(`no constraint defines wire ${known.indexOf(0)}`);
  return definitions;
}
