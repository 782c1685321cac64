import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { endCurve } from "@zkcmp/groth16/curve";
import { createGroth16 } from "@zkcmp/groth16/proof-system";
import { TrustStoreError } from "@zkcmp/groth16/trust-file";
import { PairingError } from "@zkcmp/groth16/verify";
import { createLibra } from "@zkcmp/libra/proof-system";
import { WalletError } from "@zkcmp/chain/account";
import { FundingError } from "@zkcmp/chain/buyer/fund";
import { SettlementError } from "@zkcmp/chain/buyer/settle";
import { Journal } from "@zkcmp/chain/journal";
import { WaitingError } from "@zkcmp/chain/network-connection";
import { keepProof, provingInputs, commitSample, receiveNonce, receiveTestSet } from "@zkcmp/chain/seller/proof";
import { offerSale } from "@zkcmp/chain/seller/offer";
import { redeemSale } from "@zkcmp/chain/seller/redeem";
import { sealSale } from "@zkcmp/chain/seller/seal";
import type { FieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import { networkFromJson } from "@zkcmp/network/network";
import { BundleError, decodeBundle, encodeBundle } from "@zkcmp/sale/bundle";
import { fieldToHex, type Hex } from "@zkcmp/sale/hex";
import { encodeOrderFile } from "@zkcmp/sale/order-file";
import { RefusedError } from "@zkcmp/sale/refused-error";
import { decodeNonce, decodeReveal, encodeRoot } from "@zkcmp/sale/sale-message";
import { expect } from "chai";
import {
  DAY,
  expectRefusal,
  FEW_ROWS,
  newHomes,
  offerAndProve,
  openWorld,
  order,
  type PlacedOrder,
  PRICE,
  temporaryFolder,
  type World,
} from "../../../chain/test/fixture.ts";
import type { StepProgress } from "../../src/progress.ts";
import { networkOf, testSetFor } from "../../../sale/test/fixture.ts";
import { developmentSaleKey, PROVEN_SHAPE, type SaleKey } from "../../../groth16/test/proven-sale.ts";
import { type CheckView, DealsDesk, type DealView, type TextFile } from "../../src/worker/deals-desk.ts";
import { KeysDesk } from "../../src/worker/keys-desk.ts";
import { DeskSession } from "./desk-session.ts";

const libra = createLibra({ threads: 1 });
const silent = (): void => {};

describe("the desk of deals", function () {
  this.timeout(120_000);
  let chain: World;
  let world: World;
  let snapshot: unknown;
  let session: DeskSession;
  let desk: DealsDesk;
  before(async () => {
    chain = await openWorld();
  });
  beforeEach(async () => {
    snapshot = await chain.node.local.transport("evm_snapshot", []);
    world = await newHomes(chain);
    session = new DeskSession(world.connection, world.buyer.journal, world.escrow);
    session.use(world.buyer.wallet);
    desk = new DealsDesk(session);
  });
  afterEach(async () => {
    await chain.node.local.transport("evm_revert", [snapshot]);
    await world.close();
  });
  after(() => chain.close());

  /** Seals with Libra, whose proofs a page can check, and offers. */
  async function offerWithLibra({ signedOrder, hash }: PlacedOrder): Promise<FieldElement> {
    const { network } = world;
    await sealSale(world.seller.journal, {
      ...{ signedOrder, network, networkPath: "model.json", proofSystem: libra, limits: FEW_ROWS },
    });
    return (await offerSale(world.seller, hash)).dealId;
  }

  /** The seller's bundle for rows that were revealed with this file. */
  async function prove({ hash }: PlacedOrder, revealed: string): Promise<string> {
    const { journal } = world.seller;
    const { testSet, salt } = decodeReveal(revealed, "reveal.json");
    await receiveTestSet(journal, hash, testSet, salt);
    const { statement, witness } = await provingInputs(journal, hash);
    return encodeBundle(await keepProof(journal, hash, await libra.prove(statement, witness)));
  }

  const look = async (id: Hex): Promise<DealView> => (await desk.deal(id))!;

  const stepsOf = async (id: Hex): Promise<Record<string, string>> =>
    Object.fromEntries((await look(id)).purchase!.steps.map(({ name, state }) => [name, state]));

  /** What a reload does: nothing is left but journal, chain and account. */
  const reload = (): void => {
    desk = new DealsDesk(session);
  };

  /** A deal whose bundle the buyer has. */
  async function bundled(): Promise<{ id: Hex; placed: PlacedOrder; bundle: string; reveal: string }> {
    const placed = await order(world);
    const id = fieldToHex(await offerWithLibra(placed));
    const { text: reveal } = await desk.reveal(id);
    return { id, placed, bundle: await prove(placed, reveal), reveal };
  }

  it("goes through a whole purchase, with a reload after every step", async () => {
    const placed = await order(world);
    expect((await desk.market()).openOrders).to.deep.equal([
      { orderHash: placed.hash, order: placed.order, isOpen: true },
    ]);
    const id = fieldToHex(await offerWithLibra(placed));
    const [row] = (await desk.market()).offers;
    expect(row).to.include({ dealId: id, state: "offered", price: PRICE, isPurchase: true, isSale: false });
    expect(row!.order).to.deep.equal(placed.order);
    expect((await desk.market()).openOrders).to.deep.equal([]);
    expect(await stepsOf(id)).to.include({ reveal: "now", verify: "later" });

    const revealed = await desk.reveal(id);
    reload();
    expect(await desk.reveal(id), "again").to.deep.equal(revealed);
    expect(await stepsOf(id)).to.include({ reveal: "done", verify: "now", fund: "later" });

    const progress: StepProgress[] = [];
    const text = await prove(placed, revealed.text);
    const check = await desk.verify(id, { name: "bundle.json", text }, null, (news) => progress.push(news));
    expect(check).to.include({ kind: "checked", isComplete: true, proofSystem: "libra" });
    expect(progress.map(({ what }) => what)).to.include.members(["comparing with the chain", "checking the bundle"]);
    expect((await look(id)).purchase!.check).to.deep.include({ isComplete: true });
    reload();
    expect((await look(id)).purchase).to.deep.include({ check: null, hasBundle: true });
    expect(await stepsOf(id)).to.include({ verify: "done", fund: "now" });

    const again: StepProgress[] = [];
    const { transaction } = await desk.fund(id, { permit: false }, (news) => again.push(news));
    expect(again[0], "the bundle is checked anew").to.deep.equal({ what: "comparing with the chain" });
    reload();
    expect((await desk.fund(id, { permit: false }, silent)).transaction.hash, "paid once").to.equal(transaction.hash);
    expect(await stepsOf(id)).to.include({ fund: "done", key: "wait", unseal: "later" });
    await expectRefusal(desk.unseal(id, silent), WaitingError, /waited 0 seconds for the seller's key/);

    await redeemSale(world.seller, placed.hash);
    reload();
    expect(await stepsOf(id)).to.include({ key: "done", unseal: "now", refund: "over" });
    expect((await look(id)).redeemedAt).to.be.a("number");
    const opened = await desk.unseal(id, silent);
    expect(opened).to.include({ threshold: 20, rows: 24, kept: true });
    expect(opened.score!.right).to.be.at.least(20);
    expect(networkFromJson(JSON.parse(opened.file.text))).to.deep.equal(world.network);
  });

  it("gives the price back when no key came, after the clock was moved", async () => {
    const { id, bundle } = await bundled();
    await desk.verify(id, { name: "bundle.json", text: bundle }, null, silent);
    const { refundableFrom } = await desk.fund(id, { permit: false }, silent);
    await expectRefusal(desk.refund(id, silent), SettlementError, /the refund opens at/);
    await desk.moveClock(refundableFrom);
    expect(await stepsOf(id)).to.include({ refund: "now" });
    expect((await desk.refund(id, silent)).paid).to.equal("paid");
    expect((await look(id)).deal.state).to.equal("refunded");
    reload();
    expect(await stepsOf(id)).to.include({ refund: "done", unseal: "over" });
  });

  it("draws rows: the first root is taken, and the nonce is given again", async () => {
    const placed = await order(world, { sampledRows: 3 });
    const id = fieldToHex(await offerWithLibra(placed));
    const { testSet, salt } = decodeReveal((await desk.reveal(id)).text, "reveal.json");
    await expectRefusal(desk.openNonce(id, null), RefusedError, /no root of this deal yet/);
    await receiveTestSet(world.seller.journal, placed.hash, testSet, salt);
    const root = await commitSample(world.seller, placed.hash);
    const dealId = (await look(id)).offer.dealId;
    const file = { name: "root.json", text: encodeRoot({ orderHash: placed.hash, dealId, ...root }) };
    const nonce = await desk.openNonce(id, file);
    reload();
    expect(await desk.openNonce(id, null)).to.deep.equal(nonce);
    await receiveNonce(world.seller.journal, placed.hash, decodeNonce(nonce.text, "nonce.json").nonce);
    const { statement, witness } = await provingInputs(world.seller.journal, placed.hash);
    const bundle = await keepProof(world.seller.journal, placed.hash, await libra.prove(statement, witness));
    const check = await desk.verify(id, { name: "bundle.json", text: encodeBundle(bundle) }, null, silent);
    expect(check).to.include({ kind: "checked", isComplete: true });
    expect((check as { statement: readonly string[] }).statement.join(" ")).to.match(/3 are drawn and proven/);
    await expectRefusal(
      desk.openNonce(id, { ...file, text: file.text.replace(id, `0x${"01".repeat(32)}`) }),
      RefusedError,
      /root.json is for another deal/,
    );
  });

  it("refuses a bundle that is damaged, of another deal, or forged, and funds none of them", async () => {
    const { id, bundle } = await bundled();
    const give = (text: string): Promise<unknown> => desk.verify(id, { name: "bundle.json", text }, null, silent);
    await expectRefusal(give(bundle.slice(0, -20)), BundleError, /not whole/);
    await expectRefusal(give(bundle.replace(/"proof": "0x..../, '"proof": "0x0000')), BundleError, /damaged/);
    const other = await newHomes(world);
    const elsewhere = await offerAndProve(other);
    await expectRefusal(give(encodeBundle(elsewhere.bundle)), RefusedError, /not for this one/);
    await other.close();
    expect(await stepsOf(id)).to.include({ verify: "now", fund: "later" });
    await expectRefusal(desk.fund(id, { permit: false }, silent), RefusedError, /no bundle of this deal yet/);
    // A whole bundle, and every byte of it says what it should, but for one of the proof.
    const { proof, ...rest } = decodeBundle(bundle);
    const flipped = `${proof.slice(0, -2)}${proof.endsWith("00") ? "01" : "00"}` as Hex;
    await expectRefusal(give(encodeBundle({ ...rest, proof: flipped })), ZkcmpError, /./);
    expect((await look(id)).purchase).to.include({ hasBundle: false, check: null });
    await give(bundle);
    expect(await stepsOf(id)).to.include({ fund: "now" });
  });

  describe("a bundle of groth16", () => {
    let folder: string;
    let key: SaleKey;
    before(async () => {
      folder = await temporaryFolder();
      key = await developmentSaleKey(folder);
    });
    after(async () => {
      await endCurve();
      await rm(folder, { recursive: true });
    });

    beforeEach(async () => {
      // Trusted keys are in the home, which in Node is a folder.
      Object.assign(session, { home: await mkdtemp(join(folder, "home-")) });
    });

    /** A deal that is proven with Groth16, and its bundle, which the buyer does not have yet. */
    async function provenDeal(): Promise<{ id: Hex; file: TextFile }> {
      const network = networkOf(PROVEN_SHAPE);
      const proofSystem = createGroth16(key);
      world = { ...world, network, testSet: testSetFor(network) };
      const { journal } = world.seller;
      const { signedOrder, hash } = await order(world);
      await sealSale(journal, { signedOrder, network, networkPath: "model.json", proofSystem, limits: FEW_ROWS });
      const { dealId } = await offerSale(world.seller, hash);
      const id = fieldToHex(dealId);
      const { testSet, salt } = decodeReveal((await desk.reveal(id)).text, "reveal.json");
      await receiveTestSet(journal, hash, testSet, salt);
      const { statement, witness } = await provingInputs(journal, hash);
      const bundle = await keepProof(journal, hash, await proofSystem.prove(statement, witness));
      return { id, file: { name: "bundle.json", text: encodeBundle(bundle) } };
    }

    it("is not checked before its key is trusted, then is, and can be paid", async () => {
      const { id, file } = await provenDeal();
      const missing = {
        ...{ kind: "key-missing", circuit: key.circuit.name, keyFile: key.key.zkeySha256, isDevelopment: true },
      };
      expect(await desk.verify(id, file, null, silent)).to.deep.equal(missing);
      expect((await look(id)).purchase).to.include({ hasBundle: false, check: null });
      await expectRefusal(desk.fund(id, { permit: false }, silent), RefusedError, /no bundle of this deal yet/);

      const keys = new KeysDesk(session);
      const cut = { name: "trusted-keys.json", text: "{}" };
      await expectRefusal(keys.trust(cut), TrustStoreError, /^trusted-keys.json is not a store/);
      const text = await readFile(key.trustStore, "utf8");
      expect(await keys.trust({ ...cut, text })).to.deep.equal({ circuits: [key.circuit.name] });
      const check = await desk.verify(id, file, null, silent);
      expect(check).to.include({ kind: "checked", isComplete: true, proofSystem: "groth16" });
      expect((check as CheckView).key).to.deep.equal({
        ...{ circuit: key.circuit.name, keyFile: key.key.zkeySha256, isDevelopment: true },
      });
      expect((check as CheckView).checked.at(-1)).to.match(/^proven: .* at least 20 of the 24 rows/);

      const { proof, ...rest } = decodeBundle(file.text);
      const flipped = `0x${proof.slice(2, 64)}${proof.slice(64, 66) === "00" ? "01" : "00"}${proof.slice(66)}` as Hex;
      const forged = { name: "forged.json", text: encodeBundle({ ...rest, proof: flipped }) };
      await expectRefusal(desk.verify(id, forged, null, silent), PairingError, /does not hold/);

      reload();
      await desk.fund(id, { permit: false }, silent);
      expect(await stepsOf(id)).to.include({ fund: "done" });
      expect((await look(id)).purchase!.check!.key, "checked anew before it was paid").to.deep.include({
        isDevelopment: true,
      });
    });

    it("is refused if its core names no key", async () => {
      const { id, file } = await provenDeal();
      const bundle = decodeBundle(file.text);
      const text = encodeBundle({ ...bundle, core: { ...bundle.core, keyFiles: {} } });
      await expectRefusal(desk.verify(id, { ...file, text }, null, silent), RefusedError, /names no Groth16 key/);
    });
  });

  it("acts for a deal's own purchase only: another offer for the same order pays, opens and refunds nothing", async () => {
    const { id, placed, bundle } = await bundled();
    await desk.verify(id, { name: "bundle.json", text: bundle }, null, silent);
    const folder = await temporaryFolder();
    const seller = { ...world.seller, wallet: world.stranger, journal: new Journal(join(folder, "rival")) };
    world = { ...world, seller };
    const rival = fieldToHex(await offerWithLibra(placed));
    reload();
    expect((await look(rival)).purchase).to.deep.include({ revealedElsewhere: id, check: null });
    const elsewhere = new RegExp(`the test set was revealed to the deal ${id}, not to this one`);
    for (const act of [
      () => desk.fund(rival, { permit: false }, silent),
      () => desk.fundCost(rival),
      () => desk.verify(rival, null, null, silent),
      () => desk.refund(rival, silent),
      () => desk.unseal(rival, silent),
    ]) {
      await expectRefusal(act(), RefusedError, elsewhere);
    }
    expect((await look(id)).deal.state).to.equal("offered");
    expect((await look(rival)).purchase!.check).to.equal(null);
  });

  it("pays with no other account than the buyer's", async () => {
    const { id, bundle } = await bundled();
    await desk.verify(id, { name: "bundle.json", text: bundle }, null, silent);
    session.use(world.stranger);
    await expectRefusal(desk.fund(id, { permit: false }, silent), FundingError, /the deal's buyer is 0x/);
    session.actAs(null);
    await expectRefusal(desk.fund(id, { permit: false }, silent), WalletError, /no account is connected/);
    expect((await look(id)).deal.state).to.equal("offered");
  });

  it("checks a bundle with a reveal file alone, and then says that it must not be funded", async () => {
    const { id, bundle, reveal } = await bundled();
    const stranger = new DealsDesk(
      new DeskSession(world.connection, new Journal(await temporaryFolder()), world.escrow),
    );
    const file = { name: "bundle.json", text: bundle };
    await expectRefusal(stranger.verify(id, file, null, silent), RefusedError, /does not have the order/);
    const check = await stranger.verify(id, file, { name: "reveal.json", text: reveal }, silent);
    expect(check).to.include({ kind: "checked", isComplete: false });
    expect((check as { unchecked: readonly string[] }).unchecked.join("; ")).to.match(/S not checked, do not fund/);
  });

  it("shows terms to strangers only where the order is known and its hash is the offer's", async () => {
    const placed = await order(world);
    const id = fieldToHex(await offerWithLibra(placed));
    const file = { name: "order.json", text: encodeOrderFile({ signedOrder: placed.signedOrder, encoding: null }) };
    const another = await order(world, { price: 2n * PRICE });
    const wrong = { name: "other.json", text: encodeOrderFile({ signedOrder: another.signedOrder, encoding: null }) };
    const journal = new Journal(await temporaryFolder());
    const stranger = new DealsDesk(new DeskSession(world.connection, journal, world.escrow));
    const terms = async (): Promise<unknown> => (await stranger.market()).offers[0]!.order;
    expect(await terms()).to.equal(null);
    expect((await stranger.deal(id))!).to.deep.include({
      order: null,
      isBuyer: false,
      isSeller: false,
      purchase: null,
    });
    await stranger.learnOrders([wrong]);
    expect(await terms()).to.equal(null);
    expect(await stranger.learnOrders([file])).to.deep.equal([placed.hash]);
    expect(await terms()).to.deep.equal(placed.order);
    const afterwards = new DealsDesk(new DeskSession(world.connection, journal, world.escrow));
    expect((await afterwards.deal(id))!.order).to.deep.equal(placed.order);
  });

  it("reads the orders that the page's host publishes, and says which cannot be read", async () => {
    const placed = await order(world);
    await offerWithLibra(placed);
    const text = encodeOrderFile({ signedOrder: placed.signedOrder, encoding: null });
    const published = [`data:application/json,${encodeURIComponent(text)}`, "data:application/json,damaged"];
    const journal = new Journal(await temporaryFolder());
    const { offers, problems } = await new DealsDesk(
      new DeskSession(world.connection, journal, world.escrow, published),
    ).market();
    expect(offers[0]!.order).to.deep.equal(placed.order);
    expect(problems).to.have.length(1);
    expect(await journal.recordNames({ folder: "orders" }), "kept in memory alone").to.deep.equal([]);
  });

  it("knows the seller, by account and by journal", async () => {
    const placed = await order(world);
    const id = fieldToHex(await offerWithLibra(placed));
    const seller = new DeskSession(world.connection, world.seller.journal, world.escrow);
    expect(await new DealsDesk(seller).deal(id)).to.include({ isSeller: true, hasSale: true, isBuyer: false });
    const account = new DeskSession(world.connection, new Journal(await temporaryFolder()), world.escrow);
    account.use(world.seller.wallet);
    expect(await new DealsDesk(account).deal(id)).to.include({ isSeller: true, hasSale: false, isBuyer: false });
  });

  it("has nothing for an id that no deal has", async () => {
    expect(await desk.deal(`0x${"00".repeat(31)}01`)).to.equal(null);
    const placed = await order(world);
    const id = fieldToHex(await offerWithLibra(placed));
    expect((await look(id)).times).to.include({ current: "funding", funded: null });
    await desk.moveClock((await look(id)).deal.fundableUntil + DAY);
    expect((await look(id)).times).to.include({ current: null });
  });
});
