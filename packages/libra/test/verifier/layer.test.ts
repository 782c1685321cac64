import { reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { expect } from "chai";
import { known } from "../../src/affine-form.ts";
import { LayeredCircuitBuilder } from "../../src/circuit/layered-circuit.ts";
import { uploadGates } from "../../src/circuit/wiring.ts";
import { proveLayer } from "../../src/prover/layer.ts";
import { type LayerClaim, verifyLayer, verifyLinearLayer } from "../../src/verifier/layer.ts";
import { PlainProver, PlainVerifier } from "../plain-channel.ts";
import { elements } from "../random.ts";

const kernels = createReferenceKernels();
const bitTest = new LayeredCircuitBuilder("bit test", 2)
  .layer(2)
  .product(0, 0, 0)
  .linear(0, 0, reduce(-1n))
  .product(1, 1, 1)
  .linear(1, 1, reduce(-1n));

/** The violated constraints of a claim that all outputs of the bit test are 0. */
function violated(table: readonly bigint[], copies: number): string[] {
  const layer = bitTest.build();
  const copyPoint = elements("tau", Math.ceil(Math.log2(copies)));
  const slotWeights = elements("sigma", 2);
  const prover = new PlainProver("layer");
  const input = kernels.fromField(table.map(reduce));
  const gates = uploadGates(kernels, layer, 2);
  const claim = { copyPoint, slotWeights: kernels.fromField(slotWeights), value: reduce(0n) };
  proveLayer(kernels, prover, gates, input, copies, claim, "layer");
  const verifier = new PlainVerifier("layer", prover.messages);
  const own: LayerClaim = { copyPoint, slotWeights, value: known(reduce(0n)) };
  verifyLayer(verifier, layer, 2, copies, own, "layer");
  expect(verifier.events).to.deep.equal(prover.events);
  return verifier.violated();
}

describe("layer, verifier", () => {
  it("holds for bits and for nothing else", () => {
    expect(violated([0n, 1n, 1n, 1n, 0n, 0n], 3)).to.deep.equal([]);
    expect(violated([1n, 0n], 1)).to.deep.equal([]);
    expect(violated([0n, 1n, 1n, 2n, 0n, 0n], 3)).not.to.be.empty;
    expect(violated([0n, 1n, 1n, 1n, 0n, -1n], 3)).not.to.be.empty;
    expect(violated([2n, 0n], 1)).not.to.be.empty;
  });

  it("takes slot weights beyond their end as zero", () => {
    const layer = bitTest.build();
    const full: LayerClaim = { copyPoint: [], slotWeights: [reduce(3n), reduce(0n)], value: known(reduce(6n)) };
    expect(verifyLinearLayer(layer, 2, 1, { ...full, slotWeights: [reduce(3n)] })).to.deep.equal(
      verifyLinearLayer(layer, 2, 1, full),
    );
  });

  it("counts constants in used copies only", () => {
    const layer = new LayeredCircuitBuilder("constant", 1).layer(1).constant(0, reduce(4n)).linear(0, 0).build();
    const copyPoint = [reduce(10n), reduce(20n)];
    const claim: LayerClaim = { copyPoint, slotWeights: [reduce(3n)], value: known(reduce(0n)) };
    const unused = 10n * 20n;
    expect(verifyLinearLayer(layer, 1, 3, claim).value.constant).to.equal(reduce(-12n * (1n - unused)));
    expect(verifyLinearLayer(layer, 1, 4, claim).value.constant).to.equal(reduce(-12n));
  });
});
