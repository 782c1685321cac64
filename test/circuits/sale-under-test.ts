import { type FieldElement, reduce, toFieldElement } from "@zkcmp/field/element";
import { combineRows } from "@zkcmp/groth16/public-statement";
import { type SaleCircuit, saleCircuit, type SaleVariant } from "@zkcmp/groth16/sale-circuit";
import { saleCircuitInput } from "@zkcmp/groth16/sale-witness";
import { isRight } from "@zkcmp/network/inference";
import type { NetworkShape } from "@zkcmp/network/shape";
import type { SaleFixture } from "../../packages/groth16/test/sale-fixture.ts";
import { type Assignment, CircuitUnderTest, type SignalValues } from "./circuit-under-test.ts";

/** Changes a pre-activation or output on its way through a network. */
export type Edit = (z: bigint, row: number, layer: number, neuron: number) => bigint;

/** Inputs of the circuit that follow from edited values. */
export interface ProvenValues extends SignalValues {
  readonly hidden: readonly (readonly bigint[])[];
  readonly outputs: readonly (readonly bigint[])[];
}

/** A true statement of a sale with its witness, from which forgeries start. */
export interface HonestSale {
  readonly fixture: SaleFixture;
  readonly assignment: Assignment;
}

/** The circuit of a sale, with forgeries whose challenge and combined rows are those that a verifier would see. */
export class SaleUnderTest {
  readonly sale: SaleCircuit;
  readonly circuit: CircuitUnderTest;

  private constructor(sale: SaleCircuit, circuit: CircuitUnderTest) {
    this.sale = sale;
    this.circuit = circuit;
  }

  static async compile(shape: NetworkShape, rows: number, variant: SaleVariant = {}): Promise<SaleUnderTest> {
    const sale = saleCircuit(shape, rows, variant);
    const file = /include "(.*)";/.exec(sale.source)![1]!;
    const call = /= (\w+\(.*\));/.exec(sale.source)![1]!;
    return new SaleUnderTest(sale, await CircuitUnderTest.compile(file, call, sale.publicInputs));
  }

  async honest(fixture: SaleFixture): Promise<HonestSale> {
    const { input } = saleCircuitInput(this.sale, fixture.statement, fixture.witness);
    return { fixture, assignment: await this.circuit.calculate(input) };
  }

  /**
   * Forges a witness and combines the rows with the challenge that comes out of it, as the verifier will.
   * @param hold see {@link CircuitUnderTest.forge}
   */
  forge({ fixture, assignment }: HonestSale, changes: SignalValues, hold: readonly string[] = []): Assignment {
    const forged = this.circuit.forge(assignment, changes, hold);
    const challenge = toFieldElement(this.circuit.get(forged, "challenge"));
    const combined = combineRows(fixture.statement.provenRows.rows, challenge);
    return this.circuit.forge(assignment, { combined, ...changes }, hold);
  }

  /** A witness in which some pre-activations or outputs are wrong and everything after them follows from the wrong ones. */
  forgeValues(honest: HonestSale, edit: Edit): Assignment {
    return this.forge(honest, this.inputsWith(honest.fixture, edit));
  }

  /** The circuit's inputs for values that are edited on the way. All rows that then look right are counted. */
  inputsWith({ statement, witness }: SaleFixture, edit: Edit): ProvenValues {
    const { shape, layers } = witness.network;
    const { rows, labels } = statement.provenRows;
    const values = rows.map((row, i) => {
      let inputs = Array.from(row, BigInt);
      return layers.map((layer, l) => {
        const { biasShift, activation, shift } = shape.layers[l]!;
        const z = Array.from(layer.biases, (bias, j) => {
          const start = j * inputs.length;
          const sum = inputs.reduce((total, x, k) => total + BigInt(layer.weights[start + k]!) * x, 0n);
          return edit(sum + (BigInt(bias) << BigInt(biasShift)), i, l, j);
        });
        inputs = z.map((value) => (activation === "square" ? value * value : value < 0n ? 0n : value >> BigInt(shift)));
        return z;
      });
    });
    const outputs = values.map((layersOfRow) => layersOfRow.at(-1)!);
    const proven = {
      hidden: values.map((layersOfRow) => layersOfRow.slice(0, -1).flat().map(reduce)),
      outputs: outputs.map((y) => y.map(reduce)),
    };
    if (this.sale.predicate === "squared-error") return proven;
    const right = outputs.map((y, i) => (isRight(y, labels[i]!) ? 1n : 0n));
    return {
      ...proven,
      right,
      ceiling: outputs.map((y, i) =>
        reduce(y.map((value, j) => (j < labels[i]! ? value + 1n : value)).reduce((a, b) => (a > b ? a : b))),
      ),
      threshold: right.reduce((sum: bigint, value) => sum + value, 0n),
    };
  }

  /**
   * Each signal that the predicate's template hands to SealedInference is the one that it has itself. Outputs are left out:
   * the predicate judges them, so that they need a forgery of their own.
   * @throws ForgeryAcceptedError, WrongVerdictError
   */
  expectWired(honest: HonestSale): void {
    const wired = this.circuit
      .ownSignals()
      .flatMap((name) => /^sealed\.(\w+(?:\[\d+\])*)$/.exec(name)?.[1] ?? [])
      .filter((name) => !name.startsWith("outputs[") && name !== "challenge");
    for (const name of wired) {
      const other = this.circuit.get(honest.assignment, name) + 1n;
      this.circuit.expectRejected(this.forge(honest, { [name]: other }, [`sealed.${name}`]), `sealed.${name}`);
    }
    if (wired.length === 0) throw new Error("nothing is handed to SealedInference");
    this.circuit.expectRejected(this.circuit.forge(honest.assignment, { challenge: 5n }), "challenge");
  }

  /** The challenge that a verifier reads from the proof. */
  challenge(assignment: Assignment): FieldElement {
    return toFieldElement(this.circuit.get(assignment, "challenge"));
  }
}
