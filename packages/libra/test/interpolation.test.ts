import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import { extrapolate, lagrangeWeights } from "@zkcmp/libra/interpolation";
import { innerProduct } from "@zkcmp/libra/multilinear";
import { expect } from "chai";
import fc from "fast-check";

const element = fc.bigInt({ min: 0n, max: 2n ** 256n }).map(reduce);
const polynomial = fc.array(element, { minLength: 1, maxLength: 12 });

function valueAt(coefficients: readonly FieldElement[], point: bigint): FieldElement {
  return coefficients.reduceRight((sum, coefficient) => reduce(multiply(sum, reduce(point)) + coefficient), reduce(0n));
}

function valuesFrom(coefficients: readonly FieldElement[], start: number, count: number): FieldElement[] {
  return Array.from({ length: count }, (_, i) => valueAt(coefficients, BigInt(start + i)));
}

describe("interpolation", () => {
  it("finds a polynomial's value from its values at 0, ..., degree", () => {
    fc.assert(
      fc.property(polynomial, element, (coefficients, point) => {
        const { length } = coefficients;
        fc.pre(point >= BigInt(length));
        const weights = lagrangeWeights(length - 1, point);
        expect(innerProduct(weights, valuesFrom(coefficients, 0, length))).to.equal(valueAt(coefficients, point));
      }),
    );
  });

  it("gives every node a weight other than zero: a mask at any node masks the value", () => {
    expect(lagrangeWeights(20, reduce(21n)).every((weight) => weight !== 0n)).to.equal(true);
    expect(lagrangeWeights(20, reduce(-1n)).every((weight) => weight !== 0n)).to.equal(true);
  });

  it("goes on with a polynomial's values", () => {
    fc.assert(
      fc.property(polynomial, fc.nat({ max: 15 }), (coefficients, count) => {
        const { length } = coefficients;
        expect(extrapolate(valuesFrom(coefficients, 0, length), count)).to.deep.equal(
          valuesFrom(coefficients, length, count),
        );
      }),
    );
  });
});
