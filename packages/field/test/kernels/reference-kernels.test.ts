import { expect } from "chai";
import { type FieldElement, multiply, randomFieldElement, reduce } from "../../src/element.ts";
import type { FieldVector } from "../../src/kernels/kernels.ts";
import { createReferenceKernels } from "../../src/kernels/reference-kernels.ts";

/*
 * The reference is what the WebAssembly kernels are compared with, so it is held to identities that the protocols rely on, not to
 * a second copy of its formulas.
 */
describe("reference kernels", () => {
  const kernels = createReferenceKernels();
  const random = (count: number) => Array.from({ length: count }, () => randomFieldElement());
  const [zero, one] = [reduce(0n), reduce(1n)];

  /** The multilinear extension of a table at a point, by folding. */
  function evaluate(table: readonly FieldElement[], point: readonly FieldElement[]): FieldElement {
    let rest = kernels.fromField(table);
    point.forEach((r, i) => (rest = kernels.fold(rest, 2 ** (point.length - 1 - i), r)));
    return kernels.toField(rest)[0] ?? zero;
  }

  /** p(t) of a round message and the claim p(0) + p(1). */
  function roundAt(message: { atZero: FieldElement; atInfinity: FieldElement }, claim: bigint, t: FieldElement) {
    const linear = claim - 2n * message.atZero - message.atInfinity;
    return reduce(message.atZero + t * (linear + t * message.atInfinity));
  }

  it("fold towards the value that the equality table weighs out, most significant bit first", () => {
    const [table, point] = [random(13), random(4)];
    const weights = kernels.toField(kernels.equality(point));
    expect(reduce(weights.reduce((sum, weight) => sum + weight, 0n))).to.equal(one);
    expect(evaluate(table, point)).to.equal(reduce(table.reduce((sum, value, i) => sum + value * weights[i]!, 0n)));
    const corner = [one, zero, one, one];
    expect(evaluate(table, corner)).to.equal(table[0b1011]);
    expect(kernels.toField(kernels.equality(corner, reduce(5n)))[0b1011]).to.equal(5n);
  });

  it("give product rounds whose claims end in the product of the two values", () => {
    const [f, g] = [random(16), random(11)];
    let [left, right]: [FieldVector, FieldVector] = [kernels.fromField(f), kernels.fromField(g)];
    let claim = reduce(g.reduce((sum, value, i) => sum + value * f[i]!, 0n));
    const point = random(4);
    point.forEach((r, i) => {
      const half = 8 >> i;
      claim = roundAt(kernels.productRound(left, right, half), claim, r);
      [left, right] = [kernels.fold(left, half, r), kernels.fold(right, half, r)];
    });
    expect(claim).to.equal(multiply(evaluate(f, point), evaluate(g, point)));
  });

  it("give layer rounds that sum the gates over the copies, and layers that compute them", () => {
    const [slots, copies] = [4, 6];
    const table = random(slots * copies);
    const vector = (values: readonly FieldElement[]) => kernels.fromField(values);
    const indices = (...values: number[]) => kernels.fromIndices(Uint32Array.from(values));
    const [linear, weights] = [random(slots), random(3)];
    // v_0 (w_0 v_1 + w_1 v_3) + w_2 v_3^2 + the linear part
    const pattern = { starts: indices(0, 2, 2, 2, 3), columns: indices(1, 3, 3) };
    const layer = kernels.applyLayer(vector(table), slots, {
      outputs: 1,
      products: { starts: indices(0, 3), columns: indices(0, 0, 3) },
      right: indices(1, 3, 3),
      productCoefficients: vector(weights),
      linear: { starts: indices(0, 4), columns: indices(0, 1, 2, 3) },
      linearCoefficients: vector(linear),
      constants: vector([zero]),
    });
    const gates = [...kernels.toField(layer), zero, zero];
    const [head, ...point] = random(3);
    const equality = kernels.equality(point);
    const weigh = (values: readonly FieldElement[]) => evaluate(values, point);
    const claim = weigh(gates.slice(0, 4)) + weigh(gates.slice(4));
    const round = (vector: FieldVector) =>
      kernels.layerRound(vector, slots, 4, equality, kernels.fromField(linear), pattern, kernels.fromField(weights));
    const message = round(kernels.fromField(table));
    expect(message.atZero).to.equal(weigh(gates.slice(0, 4)));
    // After the copy variable is bound, four copies are left, and the sum at 0 is that of all of them.
    const folded = kernels.fold(kernels.fromField(table), 4 * slots, head!);
    expect(round(folded).atZero).to.equal(roundAt(message, claim, head!));
  });

  it("agree on matrices, vectors and sparse products", () => {
    const [matrix, rows, columns] = [random(12), random(3), random(4)];
    const [field, left, right] = [matrix, rows, columns].map((values) => kernels.fromField(values));
    const byRows = kernels.innerProduct(kernels.combineRows(field!, 4, left!), right!);
    expect(byRows).to.equal(kernels.innerProduct(kernels.combineColumns(field!, 4, right!), left!));
    const all = {
      starts: kernels.fromIndices(Uint32Array.of(0, 4, 8, 12)),
      columns: kernels.fromIndices(Uint32Array.from({ length: 12 }, (_, i) => i % 4)),
    };
    const dense = kernels.toField(kernels.combineColumns(field!, 4, right!));
    expect(kernels.toField(kernels.sparseProduct(all, field!, right!))).to.deep.equal(dense);
    const small = kernels.fromSmall(Int8Array.of(-3, 2));
    expect(kernels.toField(kernels.expand(small))).to.deep.equal([reduce(-3n), 2n]);
  });
});
