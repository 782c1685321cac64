import { openNonce, revealTestSet } from "@zkcmp/chain/buyer/reveal";
import { fundPurchase, keepBundle } from "@zkcmp/chain/buyer/fund";
import { refundPurchase } from "@zkcmp/chain/buyer/settle";
import { OfferError } from "@zkcmp/chain/seller/offer";
import { ProvingError } from "@zkcmp/chain/seller/proof";
import { RedeemError, redeemMargin } from "@zkcmp/chain/seller/redeem";
import { sealSale } from "@zkcmp/chain/seller/seal";
import { createLibra } from "@zkcmp/libra/proof-system";
import { decodeBundle } from "@zkcmp/sale/bundle";
import { fieldToHex, type Hex } from "@zkcmp/sale/hex";
import type { Order } from "@zkcmp/sale/order";
import { RefusedError } from "@zkcmp/sale/refused-error";
import { decodeRoot, encodeNonce, encodeReveal } from "@zkcmp/sale/sale-message";
import { verifyBundle } from "@zkcmp/sale/verification";
import { expect } from "chai";
import {
  DAY,
  expectRefusal,
  FEW_ROWS,
  newHomes,
  openWorld,
  order,
  type PlacedOrder,
  type World,
} from "../../../chain/test/fixture.ts";
import { believingLibra, believingProofSystem } from "../../../sale/test/fixture.ts";
import { ProofStoppedError, type StartProof } from "../../src/worker/proof-thread.ts";
import { type SaleSession, SaleSteps } from "../../src/worker/sale-steps.ts";

/** In this thread, with the real prover. */
const startHere: StartProof = (statement, witness, progress) => ({
  proof: createLibra({ threads: 1 }).prove(statement, witness, progress),
  stop: () => undefined,
});

describe("steps of a sale on the page", function () {
  this.timeout(120_000);
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

  const sessionOf = ({ connection, escrow, seller }: World, changes: Partial<SaleSession> = {}): SaleSession => ({
    home: "zkcmp",
    journal: seller.journal,
    connection: async () => connection,
    party: async () => seller,
    deployment: async () => ({
      name: "test",
      chainId: connection.chainId,
      rpcUrl: "",
      escrow,
      escrowBlock: 0,
      rewards: [],
      orders: [],
      rounds: [],
      trustedKeys: null,
      samples: [],
    }),
    ...changes,
  });
  const said: string[] = [];
  const onProgress = ({ what }: { what: string }): void => void said.push(what);

  async function sealed(changes: Partial<Order> = {}, proofSystem = believingLibra): Promise<PlacedOrder> {
    const placed = await order(world, changes);
    const { signedOrder } = placed;
    const { network } = world;
    await sealSale(world.seller.journal, { signedOrder, network, networkPath: "x", proofSystem, limits: FEW_ROWS });
    return placed;
  }

  /** The buyer's file with the test set. */
  async function revealOf({ hash }: PlacedOrder, dealId: Hex): Promise<{ name: string; text: string }> {
    const id = (await world.seller.journal.sale(hash)).offer!.dealId;
    expect(fieldToHex(id)).to.equal(dealId);
    const revealed = await revealTestSet(world.buyer, hash, id);
    return { name: "reveal.json", text: encodeReveal({ orderHash: hash, dealId: id, ...revealed }) };
  }

  /** The buyer checks and pays. */
  async function pay({ hash, salt }: PlacedOrder, text: string): Promise<void> {
    const bundle = decodeBundle(text);
    await keepBundle(world.buyer.journal, text);
    const { core } = bundle;
    const { root } = await world.buyer.journal.purchase(hash);
    const report = await verifyBundle({
      bundle,
      testSet: world.testSet,
      testSetSalt: salt,
      proofSystem: core.proofSystem === "libra" ? createLibra({ threads: 1 }) : believingProofSystem,
      buyerPrivateKey: world.keys.privateKey,
      ...(root === undefined ? {} : { sampleRoot: root.root }),
    });
    await fundPurchase(world.buyer, hash, { bundle, report });
  }

  it("lead from the seal to the price, with the real proof, and say at each what comes next", async () => {
    const steps = new SaleSteps(sessionOf(world), startHere);
    const placed = await sealed();
    const { hash } = placed;
    const stepOf = async () => (await steps.sale(hash)).step;
    expect(await stepOf()).to.equal("offer");
    expect((await steps.sale(hash)).times).to.equal(null);

    const { dealId } = await steps.offer(hash, null, onProgress);
    const offered = await steps.sale(hash);
    expect(offered).to.include({ step: "test-set", dealId, final: true, due: placed.order.price, split: null });
    expect(offered.times).to.include({ current: "funding", funded: null });
    expect(await steps.receiveReveal(hash, await revealOf(placed, dealId))).to.deep.equal({ rows: 24, features: 4 });

    const ready = await steps.sale(hash);
    expect(ready).to.include({ step: "proof", testSetReceived: true, proofBytes: null, proving: null });
    expect(ready.forecast!.fits).to.equal(true);
    said.length = 0;
    const text = await steps.prove(hash, onProgress);
    expect(said).to.include("Witness");
    expect(await steps.bundle(hash)).to.equal(text);
    const proven = await steps.sale(hash);
    expect(proven).to.include({ step: "payment", forecast: null, proving: null });
    expect(proven.proofBytes).to.equal(ready.forecast!.proofBytes);

    await pay(placed, text);
    expect(await stepOf()).to.equal("redeem");
    const { paid } = await steps.redeem(hash, {}, onProgress);
    expect(paid).to.equal("paid");
    const sold = await steps.sale(hash);
    expect(sold).to.include({ step: "redeemed", keyMayBeKnown: true });
    expect(sold.redeemedAt).to.be.at.least(sold.times!.funded!);
  });

  it("hold no secret in what the page sees", async () => {
    const steps = new SaleSteps(sessionOf(world), startHere);
    const placed = await sealed({ sampledRows: 3 });
    await steps.offer(placed.hash, null, onProgress);
    const { secrets } = await world.seller.journal.sale(placed.hash);
    const seen = JSON.stringify([await steps.sale(placed.hash), await steps.list()], (_, value: unknown) =>
      typeof value === "bigint" ? `${fieldToHexOf(value)} ${value}` : value,
    );
    for (const secret of Object.values(secrets)) {
      expect(seen).to.not.include(secret.toString());
      expect(seen).to.not.include(secret.toString(16));
    }
    expect(seen).to.include(placed.hash);
  });

  it("of drawn rows: the root once, the nonce, then the proof", async () => {
    const steps = new SaleSteps(sessionOf(world), startHere);
    const placed = await sealed({ sampledRows: 3 });
    const { hash } = placed;
    const { dealId } = await steps.offer(hash, null, onProgress);
    await expectRefusal(steps.commitRoot(hash), ProvingError, /test set .* is missing/);
    await steps.receiveReveal(hash, await revealOf(placed, dealId));
    expect((await steps.sale(hash)).step).to.equal("root");
    const text = await steps.commitRoot(hash);
    // After the signature the file comes without an account.
    const away = new SaleSteps(sessionOf(world, { party: () => Promise.reject(new Error("no account")) }), startHere);
    expect(await away.commitRoot(hash)).to.equal(text);
    expect((await steps.sale(hash)).step).to.equal("nonce");
    const { root, signature } = decodeRoot(text, "root.json");
    const nonce = await openNonce(world.buyer, hash, { root, signature });
    const id = (await world.seller.journal.sale(hash)).offer!.dealId;
    const message = { name: "nonce.json", text: encodeNonce({ orderHash: hash, dealId: id, nonce }) };
    const other = encodeNonce({ orderHash: `0x${"12".repeat(32)}`, dealId: id, nonce });
    await expectRefusal(steps.receiveNonce(hash, { ...message, text: other }), RefusedError, /another deal/);
    await steps.receiveNonce(hash, message);
    expect(await steps.sale(hash)).to.include({ step: "proof" });
    await pay(placed, await steps.prove(hash, onProgress));
    expect((await steps.sale(hash)).step).to.equal("redeem");
  });

  it("can be stopped in the middle of the proof and begun again; two askers wait for one proof", async () => {
    let started = 0;
    const waitForStop: StartProof = (_statement, _witness, progress) => {
      started++;
      progress("committing to weights", 0.25);
      let stop: () => void = () => undefined;
      const proof = new Promise<Uint8Array>((_, reject) => {
        stop = () => reject(new ProofStoppedError("the proof was stopped", "Start it again."));
      });
      return { proof, stop };
    };
    const steps = new SaleSteps(sessionOf(world), waitForStop);
    const placed = await sealed();
    const { hash } = placed;
    const { dealId } = await steps.offer(hash, null, onProgress);
    await steps.receiveReveal(hash, await revealOf(placed, dealId));
    const first = steps.prove(hash, onProgress);
    const second = steps.prove(hash, onProgress);
    await until(async () => (await steps.sale(hash)).proving?.done === 0.25);
    expect((await steps.sale(hash)).proving).to.deep.equal({ what: "Committing to weights", done: 0.25 });
    steps.stopProof(hash);
    await expectRefusal(first, ProofStoppedError, /stopped/);
    await expectRefusal(second, ProofStoppedError, /stopped/);
    expect(started).to.equal(1);
    expect(await steps.sale(hash)).to.include({ step: "proof", proving: null });
    const again = new SaleSteps(sessionOf(world), startHere);
    expect(decodeBundle(await again.prove(hash, onProgress)).dealId).to.equal(
      (await world.seller.journal.sale(hash)).offer!.dealId,
    );
  });

  it("leave Groth16 proofs to the command line, in words", async () => {
    const steps = new SaleSteps(sessionOf(world), startHere);
    const placed = await sealed({}, believingProofSystem);
    const { dealId } = await steps.offer(placed.hash, null, onProgress);
    await steps.receiveReveal(placed.hash, await revealOf(placed, dealId));
    expect(await steps.sale(placed.hash)).to.include({ step: "proof", proofSystem: "groth16", forecast: null });
    await expectRefusal(steps.prove(placed.hash, onProgress), RefusedError, /takes a proving key.*command line/);
  });

  it("refuse the messages of other deals, and all of them before the offer", async () => {
    const steps = new SaleSteps(sessionOf(world), startHere);
    const placed = await sealed();
    const reveal = (orderHash: Hex) => ({
      name: "reveal.json",
      text: encodeReveal({ orderHash, dealId: 1n as never, salt: placed.salt, testSet: world.testSet }),
    });
    await expectRefusal(steps.receiveReveal(placed.hash, reveal(placed.hash)), ProvingError, /no offer yet/);
    await steps.offer(placed.hash, null, onProgress);
    await expectRefusal(steps.receiveReveal(placed.hash, reveal(placed.hash)), RefusedError, /another deal/);
    await expectRefusal(steps.bundle(placed.hash), ProvingError, /no bundle yet/);
    await expectRefusal(steps.redeem(placed.hash, {}, onProgress), RedeemError, /offered, not funded/);
  });

  it("take an offer back, once", async () => {
    const steps = new SaleSteps(sessionOf(world), startHere);
    const placed = await sealed();
    await expectRefusal(steps.cancel(placed.hash, onProgress), OfferError, /no offer yet/);
    await steps.offer(placed.hash, null, onProgress);
    const { hash } = await steps.cancel(placed.hash, onProgress);
    expect((await steps.cancel(placed.hash, onProgress)).hash).to.equal(hash);
    expect((await steps.sale(placed.hash)).step).to.equal("cancelled");
  });

  it("do not show the key when the margin has begun", async () => {
    const steps = new SaleSteps(sessionOf(world), startHere);
    const placed = await sealed();
    const { dealId } = await steps.offer(placed.hash, null, onProgress);
    await steps.receiveReveal(placed.hash, await revealOf(placed, dealId));
    await pay(placed, await steps.prove(placed.hash, onProgress));
    await world.node.advanceTime(DAY - redeemMargin(DAY));
    expect((await steps.sale(placed.hash)).step).to.equal("redeem-late");
    await expectRefusal(steps.redeem(placed.hash, {}, onProgress), RedeemError, /too late to show the key/);
    await world.node.advanceTime(redeemMargin(DAY));
    await refundPurchase(world.buyer, placed.hash);
    expect(await steps.sale(placed.hash)).to.include({ step: "refunded", keyMayBeKnown: false });
    await expectRefusal(steps.withdraw(placed.hash, null, onProgress), RedeemError, /no credit/);
  });

  it("list sales of other chains without asking this one", async () => {
    const placed = await sealed();
    const steps = new SaleSteps(
      sessionOf(world, {
        connection: () => Promise.reject(new Error("not to be asked")),
        deployment: async () => ({ ...(await sessionOf(world).deployment()), chainId: 5 }),
      }),
      startHere,
    );
    const [row] = await steps.list();
    expect(row).to.include({ orderHash: placed.hash, standing: null });
  });
});

function fieldToHexOf(value: bigint): string {
  return value.toString(16);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}
