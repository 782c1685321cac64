import { reduce } from "@zkcmp/field/element";
import { expect } from "chai";
import {
  equalityAt,
  equalityVector,
  extensionAt,
  innerProduct,
  powers,
  usedAt,
  weightsAt,
} from "../src/multilinear.ts";
import { naiveEquality, naiveExtension } from "./naive-sumcheck.ts";
import { elements } from "./random.ts";

describe("multilinear extensions", () => {
  const point = elements("point", 4);

  it("evaluates eq as the product of its definition", () => {
    const other = elements("other", 4);
    expect(equalityAt(point, other)).to.equal(naiveEquality(point, other));
    expect(equalityAt([], [])).to.equal(1n);
    expect(() => equalityAt(point, other.slice(1))).to.throw(RangeError);
  });

  it("lists eq with point[0] for the most significant bit", () => {
    const [x, y] = [reduce(5n), reduce(7n)];
    expect(equalityVector([x, y])).to.deep.equal([
      reduce((1n - x) * (1n - y)),
      reduce((1n - x) * y),
      reduce(x * (1n - y)),
      reduce(x * y),
    ]);
    expect(equalityVector([])).to.deep.equal([1n]);
  });

  it("extends vectors of any length, zero beyond their end", () => {
    for (const length of [0, 1, 2, 3, 5, 8, 15, 16]) {
      const values = elements("values", length);
      expect(extensionAt(values, point)).to.equal(naiveExtension(values, point));
    }
    expect(() => extensionAt(elements("values", 17), point)).to.throw(RangeError);
  });

  it("extends [i < count] for every count", () => {
    for (let count = 0; count <= 16; count++) {
      const used = Array.from({ length: count }, () => reduce(1n));
      expect(usedAt(count, point)).to.equal(naiveExtension(used, point));
    }
    expect(usedAt(1, [])).to.equal(1n);
    for (const count of [-1, 17, 1.5]) expect(() => usedAt(count, point)).to.throw(RangeError);
  });

  it("evaluates both kinds of weights", () => {
    const own = elements("own", 4);
    expect(weightsAt({ kind: "equality", point: own }, point)).to.equal(naiveEquality(own, point));
    expect(weightsAt({ kind: "vector", values: own }, point)).to.equal(naiveExtension(own, point));
    expect(() => weightsAt({ kind: "equality", point: own.slice(1) }, point)).to.throw(RangeError);
  });

  it("lists powers from 1 and sums products over the shorter vector", () => {
    expect(powers(reduce(3n), 4)).to.deep.equal([1n, 3n, 9n, 27n]);
    expect(powers(reduce(3n), 0)).to.deep.equal([]);
    expect(innerProduct(powers(reduce(3n), 4), powers(reduce(2n), 3))).to.equal(43n);
  });
});
