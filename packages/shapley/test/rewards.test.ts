import { expect } from "chai";
import fc from "fast-check";
import { equalWeights, rewardOf, rewardsOf, weightsOf } from "../src/rewards.ts";

describe("rewards", () => {
  const values = fc.array(fc.bigInt({ min: -(1n << 61n), max: (1n << 61n) - 1n }), { minLength: 1, maxLength: 12 });
  const pool = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });

  it("are shares by the positive values", () => {
    const weights = weightsOf([3000n, -5000n, 1000n, 0n], 4n);
    expect(weights).to.deep.equal({ weights: [3000n, 0n, 1000n, 0n], total: 4000n, equal: false });
    expect(rewardsOf(103n, weights)).to.deep.equal({ rewards: [77n, 0n, 25n, 0n], dust: 1n });
  });

  it("are equal shares when the values add up to less than 1000 times the slack", () => {
    expect(weightsOf([999n, 0n], 1n)).to.deep.equal({ weights: [1n, 1n], total: 2n, equal: true });
    expect(weightsOf([1000n, 0n], 1n).equal).to.equal(false);
    expect(weightsOf([-5n, -6n, 0n], 1n)).to.deep.equal(equalWeights(3));
    expect(rewardsOf(100n, equalWeights(3))).to.deep.equal({ rewards: [33n, 33n, 33n], dust: 1n });
  });

  it("and dust add up to the pool, exactly, and dust is less than a unit for each provider", () => {
    fc.assert(
      fc.property(values, fc.bigInt({ min: 1n, max: 1n << 52n }), pool, (given, slack, amount) => {
        const { rewards, dust } = rewardsOf(amount, weightsOf(given, slack));
        expect(rewards.reduce((sum, reward) => sum + reward, dust)).to.equal(amount);
        expect(dust >= 0n && dust < BigInt(given.length)).to.equal(true);
        expect(rewards.every((reward) => reward >= 0n)).to.equal(true);
      }),
    );
  });

  it("never fall when the pool grows, so a claim can be made at any time", () => {
    fc.assert(
      fc.property(values, pool, pool, (given, before, more) => {
        const weights = weightsOf(given, 1n);
        given.forEach((_, i) => {
          expect(rewardOf(before + more, weights, i) >= rewardOf(before, weights, i)).to.equal(true);
        });
      }),
    );
  });
});
