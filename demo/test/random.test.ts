import { expect } from "chai";
import fc from "fast-check";
import { seededRandom } from "../random.ts";

describe("random", () => {
  it("repeats with its seed and differs without", () => {
    const draw = (seed: number): number[] => {
      const random = seededRandom(seed);
      return Array.from({ length: 10 }, () => random.uniform());
    };
    expect(draw(1)).to.deep.equal(draw(1));
    expect(draw(1)).to.not.deep.equal(draw(2));
  });

  it("draws uniform and normal numbers", () => {
    const random = seededRandom(7);
    const count = 20_000;
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / count;
    const uniform = Array.from({ length: count }, () => random.uniform());
    const normal = Array.from({ length: count }, () => random.normal());
    expect(Math.min(...uniform)).to.be.at.least(0);
    expect(Math.max(...uniform)).to.be.lessThan(1);
    expect(mean(uniform)).to.be.closeTo(0.5, 0.01);
    expect(mean(uniform.map((value) => value ** 2))).to.be.closeTo(1 / 3, 0.01);
    expect(mean(normal)).to.be.closeTo(0, 0.03);
    expect(mean(normal.map((value) => value ** 2))).to.be.closeTo(1, 0.05);
  });

  it("shuffles to a permutation and leaves the original alone", () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer(), (values, seed) => {
        const before = [...values];
        const shuffled = seededRandom(seed).shuffled(values);
        expect(values).to.deep.equal(before);
        expect([...shuffled].sort()).to.deep.equal([...values].sort());
      }),
    );
    const order = Array.from({ length: 50 }, (_, i) => i);
    expect(seededRandom(1).shuffled(order)).to.not.deep.equal(order);
  });
});
