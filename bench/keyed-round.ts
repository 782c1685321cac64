import { developmentKey } from "@zkcmp/groth16/circuit-key";
import { checkCircuitProof } from "@zkcmp/groth16/circuit-check";
import { type ProvableCircuit, proveCircuit } from "@zkcmp/groth16/circuit-proof";
import type { Proof } from "@zkcmp/groth16/proof";
import { roundCircuit } from "@zkcmp/shapley/round-circuit";
import { solveRound, solveTraining } from "@zkcmp/shapley/round-solution";
import type { RoundShape } from "@zkcmp/shapley/round-shape";
import { roundCircuitInput, trainingCircuitInput } from "@zkcmp/shapley/round-witness";
import { exampleRound } from "./example-round.ts";

/** A shape's circuit with a development key, and an example to prove. */
export interface KeyedRound {
  readonly name: string;
  /** Solves, calculates the witness and proves. */
  readonly prove: () => Promise<Proof>;
  readonly verify: (proof: Proof) => Promise<void>;
}

/** Compiles the circuit and makes its key, or finds them made. */
export async function keyedRound(shape: RoundShape, trustStore: string): Promise<KeyedRound> {
  const circuit = roundCircuit(shape);
  const key = await developmentKey(circuit, trustStore);
  const keyed: ProvableCircuit = { circuit, key, trustStore, development: true };
  const input = exampleRound(shape);
  const solve = () => {
    if (shape.validationRows === 0) {
      const solution = solveTraining(shape, input);
      return { solution, inputs: () => trainingCircuitInput(shape, input, solution) };
    }
    const solution = solveRound(shape, input);
    return { solution, inputs: () => roundCircuitInput(shape, input, solution) };
  };
  const signals = solve().solution.publicSignals;
  return {
    name: circuit.name,
    prove: async () => (await proveCircuit(keyed, { zkeyPath: key.zkeyPath }, solve().inputs)).proof,
    verify: (proof) => checkCircuitProof(keyed, signals, proof),
  };
}
