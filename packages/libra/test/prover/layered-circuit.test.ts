import { reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { expect } from "chai";
import { LayeredCircuitBuilder } from "../../src/circuit/layered-circuit.ts";
import { proveLayeredCircuit } from "../../src/prover/layered-circuit.ts";
import { PlainProver } from "../plain-channel.ts";
import { claimedSum } from "../plain-table.ts";
import { elements } from "../random.ts";

const kernels = createReferenceKernels();

describe("layered circuit, prover", () => {
  it("ends in two true claims with one copy point where the lowest layer has products", () => {
    const builder = new LayeredCircuitBuilder("products", 2);
    builder.layer(2).product(0, 0, 1).product(1, 1, 1);
    builder.layer(1).linear(0, 0).linear(0, 1);
    const table = elements("table", 6);
    const copyPoint = elements("tau", 2);
    const claim = { copyPoint, slotWeights: [reduce(1n)], value: reduce(0n) };
    const claims = proveLayeredCircuit(
      kernels,
      new PlainProver("circuit"),
      builder.build(),
      kernels.fromField(table),
      3,
      claim,
    );
    expect(claims).to.have.lengthOf(2);
    expect(claims[0]!.copyWeights).to.deep.equal(claims[1]!.copyWeights);
    for (const own of claims) expect(own.value).to.equal(claimedSum(table, 2, own));
  });

  it("ends in one claim with a vector of slot weights where it has none", () => {
    const builder = new LayeredCircuitBuilder("linear", 2);
    builder.layer(2).linear(0, 0, reduce(2n)).linear(1, 0).constant(1, reduce(9n));
    const copyPoint = elements("tau", 1);
    const slotWeights = [reduce(3n), reduce(5n)];
    const claims = proveLayeredCircuit(kernels, new PlainProver("circuit"), builder.build(), kernels.zeros(4), 2, {
      copyPoint,
      slotWeights,
      value: reduce(45n),
    });
    expect(claims).to.deep.equal([
      {
        copyWeights: { kind: "equality", point: copyPoint },
        slotWeights: { kind: "vector", values: [11n, 0n] },
        value: 0n,
      },
    ]);
  });

  it("refuses more slot weights than the top layer has slots", () => {
    const builder = new LayeredCircuitBuilder("weights", 1);
    builder.layer(1).linear(0, 0);
    const claim = { copyPoint: [], slotWeights: elements("w", 2), value: reduce(0n) };
    expect(() =>
      proveLayeredCircuit(kernels, new PlainProver("circuit"), builder.build(), kernels.zeros(1), 1, claim),
    ).to.throw(RangeError);
  });
});
