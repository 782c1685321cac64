import { roundCircuit } from "@zkcmp/shapley/round-circuit";
import type { RoundShape } from "@zkcmp/shapley/round-shape";
import { type Assignment, CircuitUnderTest } from "./circuit-under-test.ts";
import { type RoundExample, roundExample } from "./round-example.ts";

/** The circuit of a round, without simplification. */
export async function compileRound(shape: RoundShape): Promise<CircuitUnderTest> {
  const [, call] = /= (\w+\(.*\));/.exec(roundCircuit(shape).source)!;
  const file = shape.validationRows === 0 ? "training.circom" : "shapley-round.circom";
  return CircuitUnderTest.compile(file, call!, ["context"]);
}

export interface RoundUnderTest extends RoundExample {
  readonly circuit: CircuitUnderTest;
  readonly honest: Assignment;
}

let compiled: Promise<RoundUnderTest> | undefined;

/** The example round in its circuit, compiled once in a process. */
export function roundUnderTest(): Promise<RoundUnderTest> {
  return (compiled ??= (async () => {
    const example = roundExample();
    const circuit = await compileRound(example.shape);
    return { ...example, circuit, honest: await circuit.calculate(example.circuitInput) };
  })());
}
