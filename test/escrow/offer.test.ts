import { FIELD_ORDER } from "@zkcmp/field/element";
import { expect } from "chai";
import { AbiCoder, id, keccak256, ZeroAddress } from "ethers";
import {
  DAY,
  deployWorld,
  ethers,
  fundDeal,
  HOUR,
  makeTerms,
  networkHelpers,
  nextTimestamp,
  offerDeal,
  OPENING,
  openingAt,
  PRICE,
  refundableFrom,
  State,
  type Terms,
  type World,
} from "./fixture.ts";

const ODD_SPLIT = {
  rewards: `0x${"ab".repeat(20)}`,
  round: 2n ** 256n - 1n,
  basisPoints: 65_535n,
  codeHash: id("code"),
};

const largestPrice = 2n ** 128n - 1n;

/** The deal id as the specification has it, without the contract. */
function dealIdByFormula(chainId: bigint, escrow: string, seller: string, terms: Terms): bigint {
  const coder = AbiCoder.defaultAbiCoder();
  const { rewards, round, basisPoints, codeHash } = terms.split;
  const words = [rewards, round, basisPoints, codeHash];
  const split = keccak256(coder.encode(["address", "uint256", "uint16", "bytes32"], words));
  const encoded = coder.encode(
    "bytes32 uint256 address address address address uint256 uint64 uint32 bytes32 uint256 uint256".split(" "),
    [
      id("zkcmp/deal/v1"),
      chainId,
      escrow,
      seller,
      terms.buyer,
      terms.token,
      terms.price,
      terms.fundableUntil,
      terms.timeToRedeem,
      split,
      terms.keyCommitment,
      terms.core,
    ],
  );
  return BigInt(keccak256(encoded)) % FIELD_ORDER;
}

/** Whether the seller's offer of these terms, mined at `timestamp`, is taken. */
async function offerAt(world: World, timestamp: number, changes: Partial<Terms>) {
  const terms = await makeTerms(world, changes);
  await nextTimestamp(timestamp);
  return world.escrow.connect(world.seller).offer(terms);
}

describe("ModelEscrow.offer", () => {
  let world: World;

  beforeEach(async () => {
    world = await networkHelpers.loadFixture(deployWorld);
  });

  it("stores the terms and the seller", async () => {
    const { escrow, seller, terms, dealId } = await offerDeal(world);
    const stored = await escrow.deal(dealId);
    expect(stored.seller).to.equal(seller.address);
    expect(stored.buyer).to.equal(terms.buyer);
    expect(stored.state).to.equal(State.Offered);
    expect(stored.token).to.equal(terms.token);
    expect(stored.price).to.equal(terms.price);
    expect(stored.keyCommitment).to.equal(terms.keyCommitment);
    expect(stored.fundableUntil).to.equal(terms.fundableUntil);
    expect(stored.timeToRedeem).to.equal(terms.timeToRedeem);
    expect(stored.refundableFrom).to.equal(0n);
  });

  it("announces everything a client needs", async () => {
    const { escrow, seller } = world;
    const terms = await makeTerms(world, { token: await world.token.getAddress() });
    const { split } = terms;
    await expect(escrow.connect(seller).offer(terms))
      .to.emit(escrow, "Offered")
      .withArgs(
        await escrow.dealIdOf(seller, terms),
        seller.address,
        terms.buyer,
        terms.token,
        terms.price,
        terms.fundableUntil,
        terms.timeToRedeem,
        terms.keyCommitment,
        terms.core,
        terms.orderHash,
        [split.rewards, split.round, split.basisPoints, split.codeHash],
      );
  });

  it("returns the id that dealIdOf foretells", async () => {
    const terms = await makeTerms(world);
    const foretold = await world.escrow.dealIdOf(world.seller, terms);
    expect(await world.escrow.connect(world.seller).offer.staticCall(terms)).to.equal(foretold);
  });

  it("finds nothing under an id that was never offered", async () => {
    const nothing = await world.escrow.deal(1n);
    expect(nothing.state).to.equal(State.None);
    expect(nothing.seller).to.equal(ZeroAddress);
    expect(await world.escrow.stateOf(1n)).to.equal(State.None);
  });

  describe("deal id", () => {
    it("follows the formula of the specification", async () => {
      const { chainId } = await ethers.provider.getNetwork();
      for (const changes of [
        {},
        { token: await world.token.getAddress(), price: 1n, core: 0n },
        { split: ODD_SPLIT },
      ]) {
        const terms = await makeTerms(world, changes);
        const formula = dealIdByFormula(chainId, await world.escrow.getAddress(), world.seller.address, terms);
        expect(await world.escrow.dealIdOf(world.seller, terms)).to.equal(formula);
      }
    });

    it("changes with every term, the seller and the contract, but not with the order hash", async () => {
      const terms = await makeTerms(world);
      const changed: Terms[] = [
        { ...terms, buyer: world.stranger.address },
        { ...terms, token: await world.token.getAddress() },
        { ...terms, price: terms.price + 1n },
        { ...terms, fundableUntil: terms.fundableUntil + 1n },
        { ...terms, timeToRedeem: terms.timeToRedeem + 1n },
        { ...terms, keyCommitment: terms.keyCommitment + 1n },
        { ...terms, core: 1n },
        { ...terms, split: { ...terms.split, rewards: world.stranger.address } },
        { ...terms, split: { ...terms.split, round: 1n } },
        { ...terms, split: { ...terms.split, basisPoints: 1n } },
        { ...terms, split: { ...terms.split, codeHash: ethers.id("code") } },
      ];
      const other = await deployWorld();
      const ids = new Set([
        await world.escrow.dealIdOf(world.seller, terms),
        await world.escrow.dealIdOf(world.stranger, terms),
        await other.escrow.dealIdOf(world.seller, terms),
      ]);
      for (const variant of changed) ids.add(await world.escrow.dealIdOf(world.seller, variant));
      expect(ids.size).to.equal(3 + changed.length);

      const reordered = { ...terms, orderHash: id("another order") };
      expect(ids.has(await world.escrow.dealIdOf(world.seller, reordered))).to.equal(true);
    });

    it("is a canonical field element", async () => {
      // A quarter of all hashes lies below r: of 40 unreduced ones, some would not.
      for (let price = 1n; price <= 40n; price++) {
        const terms = await makeTerms(world, { price });
        expect((await world.escrow.dealIdOf(world.seller, terms)) < FIELD_ORDER).to.equal(true);
      }
    });
  });

  describe("bounds", () => {
    const now = async () => (await networkHelpers.time.latest()) + 100;

    const taken: Record<string, (timestamp: number) => Partial<Terms>> = {
      "a price of 1": () => ({ price: 1n }),
      "the largest price": () => ({ price: largestPrice }),
      "an end of funding in one second": (timestamp) => ({ fundableUntil: BigInt(timestamp + 1) }),
      "an end of funding in 90 days": (timestamp) => ({ fundableUntil: BigInt(timestamp + 90 * DAY) }),
      "2 hours to redeem": () => ({ timeToRedeem: BigInt(2 * HOUR) }),
      "30 days to redeem": () => ({ timeToRedeem: BigInt(30 * DAY) }),
      "a key commitment of 1": () => ({ keyCommitment: 1n }),
      "a key commitment of r - 1": () => ({ keyCommitment: FIELD_ORDER - 1n }),
      "a core of 0": () => ({ core: 0n }),
      "a core of r - 1": () => ({ core: FIELD_ORDER - 1n }),
    };
    for (const [name, changes] of Object.entries(taken)) {
      it(`takes ${name}`, async () => {
        const timestamp = await now();
        await expect(offerAt(world, timestamp, changes(timestamp))).to.emit(world.escrow, "Offered");
      });
    }

    type Refusal = (timestamp: number) => { changes: Partial<Terms>; error: string; args: unknown[] };
    const refused: Record<string, Refusal> = {
      "a price of 0": () => ({ changes: { price: 0n }, error: "InvalidPrice", args: [0n, largestPrice] }),
      "a price above the largest": () => ({
        changes: { price: largestPrice + 1n },
        error: "InvalidPrice",
        args: [largestPrice + 1n, largestPrice],
      }),
      "an end of funding that is now": (timestamp) => ({
        changes: { fundableUntil: BigInt(timestamp) },
        error: "InvalidFundableUntil",
        args: [timestamp, timestamp + 1, timestamp + 90 * DAY],
      }),
      "an end of funding one second beyond 90 days": (timestamp) => ({
        changes: { fundableUntil: BigInt(timestamp + 90 * DAY + 1) },
        error: "InvalidFundableUntil",
        args: [timestamp + 90 * DAY + 1, timestamp + 1, timestamp + 90 * DAY],
      }),
      "the largest end of funding that its type holds": (timestamp) => ({
        changes: { fundableUntil: 2n ** 64n - 1n },
        error: "InvalidFundableUntil",
        args: [2n ** 64n - 1n, timestamp + 1, timestamp + 90 * DAY],
      }),
      "a second less than 2 hours to redeem": () => ({
        changes: { timeToRedeem: BigInt(2 * HOUR - 1) },
        error: "InvalidTimeToRedeem",
        args: [2 * HOUR - 1, 2 * HOUR, 30 * DAY],
      }),
      "a second more than 30 days to redeem": () => ({
        changes: { timeToRedeem: BigInt(30 * DAY + 1) },
        error: "InvalidTimeToRedeem",
        args: [30 * DAY + 1, 2 * HOUR, 30 * DAY],
      }),
      "a key commitment of 0": () => ({ changes: { keyCommitment: 0n }, error: "InvalidKeyCommitment", args: [0n] }),
      "a key commitment of r": () => ({
        changes: { keyCommitment: FIELD_ORDER },
        error: "InvalidKeyCommitment",
        args: [FIELD_ORDER],
      }),
      "a core of r": () => ({ changes: { core: FIELD_ORDER }, error: "InvalidCore", args: [FIELD_ORDER] }),
      "no buyer": () => ({ changes: { buyer: ZeroAddress }, error: "InvalidBuyer", args: [ZeroAddress] }),
      "the seller as buyer": () => ({
        changes: { buyer: world.seller.address },
        error: "InvalidBuyer",
        args: [world.seller.address],
      }),
      "a token without code": () => ({
        changes: { token: world.stranger.address },
        error: "InvalidToken",
        args: [world.stranger.address],
      }),
    };
    for (const [name, refusal] of Object.entries(refused)) {
      it(`refuses ${name}`, async () => {
        const timestamp = await now();
        const { changes, error, args } = refusal(timestamp);
        await expect(offerAt(world, timestamp, changes))
          .to.be.revertedWithCustomError(world.escrow, error)
          .withArgs(...args);
      });
    }
  });

  describe("a key commitment", () => {
    it("is marked as used by its seller only", async () => {
      const { escrow, seller, stranger } = await offerDeal(world);
      expect(await escrow.keyCommitmentUsed(seller, OPENING.keyCommitment)).to.equal(true);
      expect(await escrow.keyCommitmentUsed(stranger, OPENING.keyCommitment)).to.equal(false);
      expect(await escrow.keyCommitmentUsed(seller, openingAt(1).keyCommitment)).to.equal(false);
    });

    it("is refused a second time, whatever else changes", async () => {
      const { escrow, seller, terms } = await offerDeal(world);
      const variants = [terms, { ...terms, price: 2n }, { ...terms, buyer: world.stranger.address, core: 5n }];
      for (const variant of variants) {
        await expect(escrow.connect(seller).offer(variant))
          .to.be.revertedWithCustomError(escrow, "KeyCommitmentUsed")
          .withArgs(seller.address, terms.keyCommitment);
      }
    });

    it("stays used after a cancellation", async () => {
      const { escrow, seller, terms, dealId } = await offerDeal(world);
      await escrow.connect(seller).cancel(dealId);
      await expect(escrow.connect(seller).offer(terms)).to.be.revertedWithCustomError(escrow, "KeyCommitmentUsed");
    });

    it("stays used after a redemption and after a refund", async () => {
      const redeemed = await fundDeal(world);
      const { escrow, seller, buyer } = world;
      await escrow.redeem(redeemed.dealId, OPENING.key, OPENING.opening);
      const refunded = await fundDeal(world, { keyCommitment: openingAt(1).keyCommitment });
      await nextTimestamp(await refundableFrom(refunded));
      await escrow.connect(buyer).refund(refunded.dealId);
      for (const { terms } of [redeemed, refunded]) {
        await expect(escrow.connect(seller).offer(terms)).to.be.revertedWithCustomError(escrow, "KeyCommitmentUsed");
      }
    });

    it("is not used up by a refused offer", async () => {
      const { escrow, seller } = world;
      const bad = await makeTerms(world, { price: 0n });
      await expect(escrow.connect(seller).offer(bad)).to.be.revertedWithCustomError(escrow, "InvalidPrice");
      await expect(escrow.connect(seller).offer({ ...bad, price: PRICE })).to.emit(escrow, "Offered");
    });
  });

  it("lets a seller take back an offer whose time to fund is over", async () => {
    const { escrow, seller, dealId, terms } = await offerDeal(world);
    await nextTimestamp(terms.fundableUntil + BigInt(DAY));
    await expect(escrow.connect(seller).cancel(dealId)).to.emit(escrow, "Cancelled").withArgs(dealId);
  });
});
