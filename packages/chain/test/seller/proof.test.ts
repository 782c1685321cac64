import { verifyBundle } from "@zkcmp/sale/verification";
import { createTestSetSalt } from "@zkcmp/sale/test-set-commitment";
import { createNonce, SamplingError } from "@zkcmp/sale/sampling";
import { ThresholdError } from "@zkcmp/sale/witness-check";
import { expect } from "chai";
import { believingProofSystem, testSetFor } from "../../../sale/test/fixture.ts";
import { openNonce, revealTestSet } from "../../src/buyer/reveal.ts";
import { disclosureOf, modelDigest } from "../../src/disclosure.ts";
import { cancelSale } from "../../src/seller/offer.ts";
import {
  commitSample,
  keepProof,
  proveSale,
  ProvingError,
  provingInputs,
  receiveNonce,
  receiveTestSet,
} from "../../src/seller/proof.ts";
import { expectRefusal, newHomes, offer, openWorld, order, type PlacedOrder, seal, type World } from "../fixture.ts";

describe("the seller's messages between offer and bundle", function () {
  this.timeout(60_000);
  let chain: World;
  let world: World;
  before(async () => {
    chain = await openWorld();
  });
  beforeEach(async () => {
    world = await newHomes(chain);
  });
  afterEach(() => world.close());
  after(() => chain.close());

  const receive = async (placed: PlacedOrder): Promise<void> => {
    const dealId = (await world.seller.journal.sale(placed.hash)).offer!.dealId;
    const { testSet, salt } = await revealTestSet(world.buyer, placed.hash, dealId);
    await receiveTestSet(world.seller.journal, placed.hash, testSet, salt);
  };

  it("come in their order, each named when it is missing", async () => {
    const placed = await order(world, { sampledRows: 3 });
    const { journal } = world.seller;
    const { hash, salt } = placed;
    await seal(world, placed);
    await expectRefusal(receiveTestSet(journal, hash, world.testSet, salt), ProvingError, /no offer that stands/);
    const dealId = await offer(world, placed);
    await expectRefusal(commitSample(world.seller, hash), ProvingError, /test set .* is missing/);
    await receive(placed);
    await expectRefusal(receiveNonce(journal, hash, createNonce()), ProvingError, /root .* is not signed yet/);
    await expectRefusal(provingInputs(journal, hash), ProvingError, /nonce .* is missing/);
    const root = await commitSample(world.seller, hash);
    await expectRefusal(receiveNonce(journal, hash, createNonce()), SamplingError, /not the one that the order/);
    await receiveNonce(journal, hash, await openNonce(world.buyer, hash, root));
    const { statement } = await provingInputs(journal, hash);
    expect(statement.provenRows.rows).to.have.lengthOf(3);
    expect(statement.dealId).to.equal(dealId);
  });

  it("are those of the order", async () => {
    const placed = await order(world);
    const { journal } = world.seller;
    await offer(world, placed);
    const salt = createTestSetSalt();
    const wrongSalt = receiveTestSet(journal, placed.hash, world.testSet, salt);
    await expectRefusal(wrongSalt, ProvingError, /not the one of the order/);
    const otherRows = receiveTestSet(journal, placed.hash, testSetFor(world.network, 24, 22, 5), placed.salt);
    await expectRefusal(otherRows, ProvingError, /not the one of the order/);
    await expectRefusal(commitSample(world.seller, placed.hash), ProvingError, /asks for all rows/);
  });

  it("are signed by the account that offered", async () => {
    const placed = await order(world, { sampledRows: 3 });
    await offer(world, placed);
    await receive(placed);
    const other = { ...world.seller, wallet: world.stranger };
    await expectRefusal(commitSample(other, placed.hash), ProvingError, /seller is 0x.*Use that account/);
  });

  it("end with a bundle that verifies, and stays the same whatever proof comes next", async () => {
    const placed = await order(world);
    const { journal } = world.seller;
    await offer(world, placed);
    await receive(placed);
    const { statement, witness } = await provingInputs(journal, placed.hash);
    const proof = await believingProofSystem.prove(statement, witness);
    const bundle = await keepProof(journal, placed.hash, proof);
    const inputs = { bundle, testSet: world.testSet, testSetSalt: placed.salt, proofSystem: believingProofSystem };
    const report = await verifyBundle({ ...inputs, buyerPrivateKey: world.keys.privateKey });
    expect(report.unchecked).to.deep.equal([]);
    expect(await keepProof(journal, placed.hash, Uint8Array.of(1, 2, 3))).to.deep.equal(bundle);
    expect((await disclosureOf(journal, modelDigest(world.network))).bits).to.equal(1);
  });

  it("are proven once: another run gives the bundle that there is", async () => {
    const placed = await order(world);
    const { journal } = world.seller;
    await offer(world, placed);
    await receive(placed);
    let asked = 0;
    const proofSystem = async () => {
      asked++;
      return believingProofSystem;
    };
    const bundle = await proveSale(journal, placed.hash, proofSystem);
    expect(await proveSale(journal, placed.hash, proofSystem)).to.deep.equal(bundle);
    expect(asked).to.equal(1);
  });

  it("count as an answer where there is nothing to prove, and only then", async () => {
    const placed = await order(world);
    const { journal } = world.seller;
    await offer(world, placed);
    await receive(placed);
    const failing = (error: Error) => async () => ({ prove: () => Promise.reject(error) });
    const bits = async () => (await disclosureOf(journal, modelDigest(world.network))).bits;
    await proveSale(journal, placed.hash, failing(new Error("out of memory"))).catch(() => undefined);
    expect(await bits()).to.equal(0);
    const refused = proveSale(journal, placed.hash, failing(new ThresholdError(24, 20)));
    await expectRefusal(refused, ThresholdError, /fewer than 20/);
    expect(await bits()).to.equal(1);
  });

  it("are refused after the offer was taken back", async () => {
    const placed = await order(world);
    await offer(world, placed);
    await receive(placed);
    await cancelSale(world.seller, placed.hash);
    await expectRefusal(provingInputs(world.seller.journal, placed.hash), ProvingError, /no offer that stands/);
  });
});
