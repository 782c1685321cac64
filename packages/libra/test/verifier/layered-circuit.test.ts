import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { expect } from "chai";
import fc from "fast-check";
import { known } from "../../src/affine-form.ts";
import { evaluateCircuit } from "../../src/circuit/evaluation.ts";
import { type LayeredCircuit, LayeredCircuitBuilder } from "../../src/circuit/layered-circuit.ts";
import { innerProduct } from "../../src/multilinear.ts";
import { proveLayeredCircuit } from "../../src/prover/layered-circuit.ts";
import { variablesOf } from "../../src/table.ts";
import type { LayerClaim } from "../../src/verifier/layer.ts";
import { verifyLayeredCircuit } from "../../src/verifier/layered-circuit.ts";
import { bitsOf, naiveEquality } from "../naive-sumcheck.ts";
import { type PlainMessage, PlainProver, PlainVerifier, tamperings } from "../plain-channel.ts";
import { claimedSum } from "../plain-table.ts";
import { anyCircuit, elements } from "../random.ts";

const kernels = createReferenceKernels();
type Table = readonly FieldElement[];
type Claim = LayerClaim<FieldElement>;

/** A true claim about the circuit's output on a table, at a random point. */
function outputClaim(circuit: LayeredCircuit, table: Table, copies: number): Claim {
  const copyPoint = elements("copy point", variablesOf(copies));
  const slotWeights = elements("slot weights", circuit.layers.at(-1)!.slots);
  let value = 0n;
  for (let copy = 0; copy < copies; copy++) {
    const input = table.slice(copy * circuit.inputSlots, (copy + 1) * circuit.inputSlots);
    const output = evaluateCircuit(circuit, input).at(-1)!;
    value += multiply(naiveEquality(copyPoint, bitsOf(copy, copyPoint.length)), innerProduct(output, slotWeights));
  }
  return { copyPoint, slotWeights, value: reduce(value) };
}

function prove(circuit: LayeredCircuit, table: Table, copies: number, claim: Claim): PlainProver {
  const channel = new PlainProver("circuit");
  proveLayeredCircuit(kernels, channel, circuit, kernels.fromField(table), copies, claim);
  return channel;
}

/** Whether all constraints hold and the claims in which the circuit ends are true of the committed table. */
function accepts(
  circuit: LayeredCircuit,
  copies: number,
  claim: Claim,
  messages: readonly PlainMessage[],
  committed: Table,
): boolean {
  const verifier = new PlainVerifier("circuit", messages);
  const claims = verifyLayeredCircuit(verifier, circuit, copies, { ...claim, value: known(claim.value) });
  expect(verifier.finished).to.equal(true);
  return (
    verifier.violated().length === 0 &&
    claims.every((own) => verifier.value(own.value) === claimedSum(committed, circuit.inputSlots, own))
  );
}

/** Two layers with squares, constants, an unused slot and outputs of several products. */
function example(coefficient = reduce(3n)): LayeredCircuit {
  const builder = new LayeredCircuitBuilder("example", 4);
  builder.layer(4).product(0, 0, 1).product(0, 2, 2, coefficient).product(2, 0, 2).linear(1, 0).constant(1, reduce(5n));
  builder.layer(2).product(0, 0, 1).product(0, 2, 2).product(1, 1, 2).linear(1, 0, reduce(-1n)).constant(0, reduce(7n));
  return builder.build();
}

describe("layered circuit, verifier", () => {
  it("accepts what a circuit computes, and no other value", () => {
    fc.assert(
      fc.property(anyCircuit, fc.integer({ min: 1, max: 9 }), (circuit, copies) => {
        const table = elements("table", copies * circuit.inputSlots);
        const claim = outputClaim(circuit, table, copies);
        const honest = prove(circuit, table, copies, claim);
        expect(accepts(circuit, copies, claim, honest.messages, table)).to.equal(true);
        const lie = { ...claim, value: reduce(claim.value + 1n) };
        expect(accepts(circuit, copies, lie, honest.messages, table)).to.equal(false);
        expect(accepts(circuit, copies, lie, prove(circuit, table, copies, lie).messages, table)).to.equal(false);
      }),
      { numRuns: 60 },
    );
  });

  const copies = 3;
  const table = elements("example", copies * 4);
  const claim = outputClaim(example(), table, copies);

  it("draws challenges and receives messages in the order of the prover", () => {
    const prover = prove(example(), table, copies, claim);
    const verifier = new PlainVerifier("circuit", prover.messages);
    verifyLayeredCircuit(verifier, example(), copies, { ...claim, value: known(claim.value) });
    expect(verifier.events).to.deep.equal(prover.events);
  });

  it("finds every changed message", () => {
    const { messages } = prove(example(), table, copies, claim);
    let count = 0;
    for (const tampered of tamperings(messages)) {
      expect(accepts(example(), copies, claim, tampered, table)).to.equal(false);
      count++;
    }
    expect(count).to.equal(2 * (2 * 3 + 2 * 2 * 3 + 3));
  });

  it("finds wrong values of a layer in between", () => {
    const wrong = example(reduce(4n));
    const lie = outputClaim(wrong, table, copies);
    expect(accepts(wrong, copies, lie, prove(wrong, table, copies, lie).messages, table)).to.equal(true);
    expect(accepts(example(), copies, lie, prove(wrong, table, copies, lie).messages, table)).to.equal(false);
    expect(accepts(example(), copies, claim, prove(wrong, table, copies, claim).messages, table)).to.equal(false);
  });

  it("finds another input table", () => {
    const other = table.with(6, reduce(table[6]! + 1n));
    const lie = outputClaim(example(), other, copies);
    const { messages } = prove(example(), other, copies, lie);
    expect(accepts(example(), copies, lie, messages, other)).to.equal(true);
    expect(accepts(example(), copies, lie, messages, table)).to.equal(false);
  });

  it("finds values in a padding copy that change the result", () => {
    const padded = [...table, ...elements("padding", 4)];
    const { messages } = prove(example(), table, copies, claim);
    expect(accepts(example(), copies, claim, messages, padded)).to.equal(false);
    expect(accepts(example(), copies, claim, prove(example(), padded, 4, claim).messages, padded)).to.equal(false);
  });

  it("does not mind values in a slot that no gate reads", () => {
    const other = table.with(3, reduce(table[3]! + 1n));
    expect(outputClaim(example(), other, copies)).to.deep.equal(claim);
    expect(accepts(example(), copies, claim, prove(example(), other, copies, claim).messages, other)).to.equal(true);
  });

  it("passes claims through layers without products, without messages", () => {
    const builder = new LayeredCircuitBuilder("linear", 2);
    builder.layer(4).linear(3, 0, reduce(2n)).linear(1, 1).constant(2, reduce(5n));
    builder.layer(1).linear(0, 3).linear(0, 2, reduce(3n)).constant(0, reduce(1n));
    const circuit = builder.build();
    const linearClaim = outputClaim(circuit, table, 6);
    const prover = prove(circuit, table, 6, linearClaim);
    expect(prover.events).to.deep.equal([]);
    expect(accepts(circuit, 6, linearClaim, [], table)).to.equal(true);
    expect(accepts(circuit, 5, { ...linearClaim, value: linearClaim.value }, [], table)).to.equal(false);
  });

  it("refuses a copy point for another number of copies", () => {
    const { messages } = prove(example(), table, copies, claim);
    expect(() => accepts(example(), 5, claim, messages, table)).to.throw(RangeError);
  });
});
