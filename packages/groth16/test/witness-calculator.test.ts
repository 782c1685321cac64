import { expect } from "chai";
import * as snarkjs from "snarkjs";
import { FIELD_ORDER } from "@zkcmp/field/element";
import {
  CircuitInputError,
  UnsatisfiedCircuitError,
  WitnessCalculatorError,
  calculateWitness,
} from "../src/witness-calculator.ts";
import { checkWitness, readR1cs } from "../src/r1cs.ts";
import { decodeWitness, encodeWitness } from "../src/wtns.ts";
import { type ToyName, compileToy, errorOf, toyInputs } from "./toy.ts";

describe("witness-calculator", function () {
  this.timeout(30_000);
  for (const name of ["cubic", "mixed", "hash-chain"] as const satisfies ToyName[]) {
    it(`makes the same file as snarkjs (${name})`, async () => {
      const circuit = await compileToy(name);
      const own = await calculateWitness(circuit.wasmPath, toyInputs(name));
      const theirs: { type: "mem"; data?: Uint8Array } = { type: "mem" };
      await snarkjs.wtns.calculate(toyInputs(name) as never, circuit.wasmPath, theirs);
      expect(Buffer.from(own).equals(theirs.data as Uint8Array)).to.equal(true);
      expect(Buffer.from(encodeWitness(decodeWitness(own))).equals(own)).to.equal(true);
      expect(checkWitness(await readR1cs(circuit.r1csPath), decodeWitness(own))).to.equal(null);
    });
  }

  it("takes canonical values only and does not show them", async () => {
    const { wasmPath } = await compileToy("mixed");
    for (const bad of [-1n, FIELD_ORDER, FIELD_ORDER + 7n]) {
      const error = await errorOf(calculateWitness(wasmPath, { ...toyInputs("mixed"), words: [1n, bad, 3n] }));
      expect(error).to.be.instanceOf(CircuitInputError);
      expect(error.message).to.include("words[1]").and.to.not.include(`${bad}`);
    }
  });

  it("names missing, unknown and misshapen inputs", async () => {
    const { wasmPath } = await compileToy("mixed");
    const missing = { unused: 9n, words: [1n, 2n, 255n] };
    const cases = [
      [missing, "4 input values were given, the circuit takes 5"],
      [{ ...toyInputs("mixed"), extra: 1n }, "no input extra"],
      [{ ...toyInputs("mixed"), words: [1n, 2n] }, "words has 2 values, the circuit takes 3"],
    ] as const;
    for (const [inputs, message] of cases) {
      const error = await errorOf(calculateWitness(wasmPath, inputs));
      expect(error).to.be.instanceOf(CircuitInputError);
      expect(error.message).to.include(message);
    }
  });

  it("says that a false statement has no witness", async () => {
    const { wasmPath } = await compileToy("mixed");
    const error = await errorOf(calculateWitness(wasmPath, { ...toyInputs("mixed"), words: [1n, 256n, 3n] }));
    expect(error).to.be.instanceOf(UnsatisfiedCircuitError);
    expect((error as UnsatisfiedCircuitError).trace[0]).to.include("Mixed");
  });

  it("refuses files that are no calculator", async () => {
    const { r1csPath } = await compileToy("cubic");
    for (const file of [r1csPath, "no-such-file.wasm", Buffer.from("0061736d01000000", "hex")]) {
      expect(await errorOf(calculateWitness(file, { x: 1n }))).to.be.instanceOf(WitnessCalculatorError);
    }
  });
});
