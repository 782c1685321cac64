import { expect } from "chai";
import { FIELD_ORDER } from "@zkcmp/field/element";
import { roundBounds, slackOf } from "@zkcmp/shapley/bounds";
import {
  DAY,
  deployRewards,
  deployVerifier,
  ETHER,
  ethers,
  makeTerms,
  networkHelpers,
  nextTimestamp,
  openRound,
  RIDGE_BITS,
  SHAPE,
  standardWorld,
  State,
  storedRound,
  type Terms,
} from "./fixture.ts";

const HOUR = 3_600n;
const YEAR = 365n * DAY;

/** Terms for a round that is opened at exactly `now`. */
async function termsAt(now: bigint, changes: Partial<Terms> = {}): Promise<Terms> {
  return makeTerms({
    registrationUntil: now + 1n,
    submissionUntil: now + 1n + HOUR,
    claimUntil: now + 1n + HOUR + 30n * DAY,
    ...changes,
  });
}

describe("ShapleyRewards, open", () => {
  it("stores the round, and says all of it", async () => {
    const world = await networkHelpers.loadFixture(standardWorld);
    const terms = await makeTerms();
    const { rewards, owner } = world;
    const roundId = await rewards.roundIdOf(owner, terms);
    const slack = slackOf(SHAPE, RIDGE_BITS);
    await expect(rewards.connect(owner).open(terms))
      .to.emit(rewards, "Opened")
      .withArgs(roundId, owner.address, Object.values(terms), slack);
    expect(await storedRound({ ...world, terms, roundId, slack, entries: [] })).to.deep.equal({
      owner: owner.address,
      registrationUntil: terms.registrationUntil,
      state: State.Open,
      providers: 0n,
      ridgeBits: BigInt(RIDGE_BITS),
      token: ETHER,
      submissionUntil: terms.submissionUntil,
      pool: 0n,
      claimed: 0n,
      totalWeight: 0n,
      slack,
      claimUntil: terms.claimUntil,
      validationCommitment: terms.validationCommitment,
      registry: 0n,
      resultDigest: ethers.ZeroHash,
    });
  });

  it("names a round by the lowest 160 bits of a hash of chain, contract, owner and all terms", async () => {
    const { rewards, owner } = await networkHelpers.loadFixture(standardWorld);
    const terms = await makeTerms();
    const { chainId } = await ethers.provider.getNetwork();
    const encoded = ethers.AbiCoder.defaultAbiCoder().encode(
      ["bytes32", "uint256", "address", "address"].concat(
        "tuple(address,uint256,bytes32,uint8,uint64,uint64,uint64,bytes32)",
      ),
      [ethers.id("zkcmp/round/v1"), chainId, await rewards.getAddress(), owner.address, Object.values(terms)],
    );
    const roundId = BigInt(ethers.keccak256(encoded)) % 2n ** 160n;
    expect(await rewards.roundIdOf(owner, terms)).to.equal(roundId);
    expect(await rewards.connect(owner).open.staticCall(terms)).to.equal(roundId);
  });

  it("gives another id for every other term and every other owner", async () => {
    const { rewards, owner, stranger, token } = await networkHelpers.loadFixture(standardWorld);
    const terms = await makeTerms();
    const others: Partial<Terms>[] = [
      { token: await token.getAddress() },
      { validationCommitment: 1n },
      { encodingDigest: ethers.ZeroHash },
      { ridgeBits: 33n },
      { registrationUntil: terms.registrationUntil + 1n },
      { submissionUntil: terms.submissionUntil + 1n },
      { claimUntil: terms.claimUntil + 1n },
      { salt: ethers.ZeroHash },
    ];
    const ids = await Promise.all(others.map((change) => rewards.roundIdOf(owner, { ...terms, ...change })));
    ids.push(await rewards.roundIdOf(owner, terms), await rewards.roundIdOf(stranger, terms));
    expect(new Set(ids).size).to.equal(others.length + 2);
  });

  it("opens the same terms once for each owner", async () => {
    const round = await openRound(await networkHelpers.loadFixture(standardWorld));
    const { rewards, owner, stranger, terms, roundId } = round;
    await expect(rewards.connect(owner).open(terms))
      .to.be.revertedWithCustomError(rewards, "RoundExists")
      .withArgs(roundId);
    await rewards.connect(stranger).open(terms);
    await rewards.connect(owner).open({ ...terms, salt: ethers.id("another") });
  });

  it("takes a token with code only", async () => {
    const { rewards, owner, stranger, token } = await networkHelpers.loadFixture(standardWorld);
    await expect(rewards.connect(owner).open(await makeTerms({ token: stranger.address })))
      .to.be.revertedWithCustomError(rewards, "InvalidToken")
      .withArgs(stranger.address);
    await rewards.connect(owner).open(await makeTerms({ token: await token.getAddress() }));
  });

  for (const [validationCommitment, good] of [
    [0n, false],
    [1n, true],
    [FIELD_ORDER - 1n, true],
    [FIELD_ORDER, false],
    [2n ** 256n - 1n, false],
  ] as const) {
    it(`${good ? "takes" : "refuses"} the validation commitment ${validationCommitment}`, async () => {
      const { rewards, owner } = await networkHelpers.loadFixture(standardWorld);
      const call = rewards.connect(owner).open(await makeTerms({ validationCommitment }));
      if (good) await call;
      else await expect(call).to.be.revertedWithCustomError(rewards, "InvalidValidationCommitment");
    });
  }

  describe("checks the times", () => {
    const now = 4_000_000_000n;
    const registration = now + 5n;
    const submission = now + 10n + HOUR;
    type Case = readonly [text: string, changes: Partial<Terms>, error: string | null];
    const claims = { claimUntil: now + 2n * YEAR + 31n * DAY };
    const cases: readonly Case[] = [
      ["registration until now", { registrationUntil: now }, "InvalidRegistrationUntil"],
      ["registration until the next second", { registrationUntil: now + 1n }, null],
      [
        "registration for a year",
        { registrationUntil: now + YEAR, submissionUntil: now + YEAR + HOUR, ...claims },
        null,
      ],
      [
        "registration for longer",
        { registrationUntil: now + YEAR + 1n, submissionUntil: now + YEAR + 1n + HOUR, ...claims },
        "InvalidRegistrationUntil",
      ],
      [
        "submission until the end of registration",
        { registrationUntil: registration, submissionUntil: registration },
        "InvalidSubmissionUntil",
      ],
      [
        "submission for an hour less a second",
        { registrationUntil: registration, submissionUntil: registration + HOUR - 1n, ...claims },
        "InvalidSubmissionUntil",
      ],
      [
        "submission for an hour",
        { registrationUntil: registration, submissionUntil: registration + HOUR, ...claims },
        null,
      ],
      [
        "submission for a year",
        { registrationUntil: registration, submissionUntil: registration + YEAR, ...claims },
        null,
      ],
      [
        "submission for longer",
        { registrationUntil: registration, submissionUntil: registration + YEAR + 1n, ...claims },
        "InvalidSubmissionUntil",
      ],
      [
        "claims for 30 days less a second",
        { submissionUntil: submission, claimUntil: submission + 30n * DAY - 1n },
        "InvalidClaimUntil",
      ],
      ["claims for 30 days", { submissionUntil: submission, claimUntil: submission + 30n * DAY }, null],
      ["claims for ten years", { submissionUntil: submission, claimUntil: submission + 3_650n * DAY }, null],
      [
        "claims for longer",
        { submissionUntil: submission, claimUntil: submission + 3_650n * DAY + 1n },
        "InvalidClaimUntil",
      ],
      ["claims until the end of time", { claimUntil: 2n ** 64n - 1n }, "InvalidClaimUntil"],
    ];
    for (const [text, changes, error] of cases) {
      it(`${error === null ? "takes" : "refuses"} ${text}`, async () => {
        const { rewards, owner } = await networkHelpers.loadFixture(standardWorld);
        const terms = await termsAt(now, changes);
        await nextTimestamp(now);
        const call = rewards.connect(owner).open(terms);
        if (error === null) await call;
        else await expect(call).to.be.revertedWithCustomError(rewards, error);
      });
    }
  });

  it("takes ridge penalties from the least to the most of the shape, and no others", async () => {
    const { rewards, owner } = await networkHelpers.loadFixture(standardWorld);
    const { minRidgeBits, maxRidgeBits } = roundBounds(SHAPE);
    for (const ridgeBits of [minRidgeBits - 1, maxRidgeBits + 1, 0, 255]) {
      await expect(rewards.connect(owner).open(await makeTerms({ ridgeBits })))
        .to.be.revertedWithCustomError(rewards, "InvalidRidgeBits")
        .withArgs(ridgeBits, minRidgeBits, maxRidgeBits);
    }
    for (const ridgeBits of [minRidgeBits, maxRidgeBits])
      await rewards.connect(owner).open(await makeTerms({ ridgeBits }));
  });

  it("refuses a slack that could move more than a thousandth of the pool", async () => {
    const shape = { ...SHAPE, fractionBits: 24 };
    const rewards = await deployRewards(await deployVerifier(), shape);
    const { minRidgeBits } = roundBounds(shape);
    await expect(rewards.open(await makeTerms({ ridgeBits: minRidgeBits })))
      .to.be.revertedWithCustomError(rewards, "SlackTooLarge")
      .withArgs(slackOf(shape, minRidgeBits), (value: bigint) => value < slackOf(shape, minRidgeBits));
  });
});
