import { expect } from "chai";
import type { Result } from "ethers";
import fc from "fast-check";
import { isOpenable, largestTotal, roundBounds, slackOf } from "@zkcmp/shapley/bounds";
import { parseRoundShape, type RoundShape } from "@zkcmp/shapley/round-shape";
import type { RewardsVerifier } from "../../types/ethers-contracts/index.js";
import { deployVerifier, ethers, makeTerms, networkHelpers, SHAPE } from "./fixture.ts";

/** The contract computes the same limits and the same slack as the packages, which say how they are derived. */

async function deployer() {
  const poseidonT4 = await ethers.deployContract("PoseidonT4");
  const verifier: RewardsVerifier = await deployVerifier();
  const libraries = { PoseidonT4: await poseidonT4.getAddress() };
  const anyone = await ethers.deployContract("ShapleyRewards", [verifier, SHAPE], { libraries });
  return {
    anyone,
    deploy: (shape: RoundShape) => ethers.deployContract("ShapleyRewards", [verifier, shape], { libraries }),
  };
}

function isRoundShape(shape: RoundShape): boolean {
  try {
    return parseRoundShape(shape).validationRows > 0;
  } catch {
    return false;
  }
}

const wide: fc.Arbitrary<RoundShape> = fc.record({
  providers: fc.integer({ min: 0, max: 13 }),
  rows: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 2 ** 20 - 2, max: 2 ** 20 + 2 })),
  features: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 2 ** 12 - 1, max: 2 ** 12 + 1 })),
  outputs: fc.oneof(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 2 ** 8 - 1, max: 2 ** 8 + 1 })),
  dataBits: fc.integer({ min: 1, max: 17 }),
  fractionBits: fc.integer({ min: 23, max: 49 }),
  integerBits: fc.integer({ min: 1, max: 11 }),
  validationRows: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 2 ** 20 - 2, max: 2 ** 20 + 2 })),
});

const extremes: readonly RoundShape[] = [
  {
    providers: 12,
    rows: 2 ** 20,
    features: 2 ** 12,
    outputs: 2 ** 8,
    dataBits: 16,
    fractionBits: 48,
    integerBits: 10,
    validationRows: 2 ** 20,
  },
  { providers: 1, rows: 1, features: 1, outputs: 1, dataBits: 2, fractionBits: 24, integerBits: 2, validationRows: 1 },
  {
    providers: 12,
    rows: 1,
    features: 2 ** 12,
    outputs: 2 ** 8,
    dataBits: 2,
    fractionBits: 48,
    integerBits: 10,
    validationRows: 2 ** 20,
  },
  {
    providers: 4,
    rows: 2 ** 20,
    features: 1,
    outputs: 1,
    dataBits: 16,
    fractionBits: 24,
    integerBits: 2,
    validationRows: 1,
  },
];

describe("ShapleyRewards, shape and slack as in @zkcmp/shapley/bounds", function () {
  this.timeout(120_000);

  async function compare(shape: RoundShape): Promise<void> {
    const { anyone, deploy } = await networkHelpers.loadFixture(deployer);
    if (!isRoundShape(shape)) {
      await expect(deploy(shape)).to.be.revertedWithCustomError(anyone, "InvalidShape");
      return;
    }
    const rewards = await deploy(shape);
    expect(((await rewards.shape()) as unknown as Result).toObject()).to.deep.equal(
      Object.fromEntries(Object.entries(shape).map(([name, value]) => [name, BigInt(value)])),
    );
    const { minRidgeBits, maxRidgeBits } = roundBounds(shape);
    for (let ridgeBits = minRidgeBits; ridgeBits <= maxRidgeBits; ridgeBits++) {
      expect(await rewards.slackOf(ridgeBits)).to.equal(slackOf(shape, ridgeBits));
    }
    for (const ridgeBits of [minRidgeBits - 1, maxRidgeBits + 1].filter((bits) => bits >= 0)) {
      await expect(rewards.slackOf(ridgeBits))
        .to.be.revertedWithCustomError(rewards, "InvalidRidgeBits")
        .withArgs(ridgeBits, minRidgeBits, maxRidgeBits);
    }
    for (const ridgeBits of new Set([minRidgeBits, maxRidgeBits])) {
      const call = rewards.open(await makeTerms({ ridgeBits }));
      if (isOpenable(shape, ridgeBits)) {
        await expect(call).to.emit(rewards, "Opened");
      } else {
        await expect(call)
          .to.be.revertedWithCustomError(rewards, "SlackTooLarge")
          .withArgs(slackOf(shape, ridgeBits), largestTotal(shape) / 1_000n);
      }
    }
  }

  extremes.forEach((shape, index) => {
    it(`extreme shape ${index + 1}`, () => compare(shape));
  });

  it("shapes in and out of limits", async () => {
    await fc.assert(fc.asyncProperty(wide, compare), { numRuns: 60 });
  });

  it("each limit by itself", async () => {
    const limits: [keyof RoundShape, number, number][] = [
      ["providers", 1, 12],
      ["rows", 1, 2 ** 20],
      ["features", 1, 2 ** 12],
      ["outputs", 1, 2 ** 8],
      ["dataBits", 2, 16],
      ["fractionBits", 24, 48],
      ["integerBits", 2, 10],
      ["validationRows", 1, 2 ** 20],
    ];
    const { anyone, deploy } = await networkHelpers.loadFixture(deployer);
    for (const [name, least, most] of limits) {
      for (const value of [least - 1, least, most, most + 1]) {
        const shape = { ...SHAPE, integerBits: 10, [name]: value };
        if (value >= least && value <= most && isRoundShape(shape)) await deploy(shape);
        else await expect(deploy(shape)).to.be.revertedWithCustomError(anyone, "InvalidShape");
        expect(isRoundShape(shape)).to.equal(
          value >= least && value <= most && !(name === "integerBits" && value === 2),
        );
      }
    }
  });

  it("refuses a verifier without code", async () => {
    const { anyone } = await networkHelpers.loadFixture(deployer);
    const poseidonT4 = await ethers.deployContract("PoseidonT4");
    const [account] = await ethers.getSigners();
    const libraries = { PoseidonT4: await poseidonT4.getAddress() };
    await expect(ethers.deployContract("ShapleyRewards", [account!.address, SHAPE], { libraries }))
      .to.be.revertedWithCustomError(anyone, "InvalidVerifier")
      .withArgs(account!.address);
  });
});
