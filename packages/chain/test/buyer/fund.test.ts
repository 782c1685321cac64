import { type Bundle, encodeBundle } from "@zkcmp/sale/bundle";
import { toFieldElement } from "@zkcmp/field/element";
import { OrderError } from "@zkcmp/sale/order";
import type { VerificationReport } from "@zkcmp/sale/verification";
import { expect } from "chai";
import { chmod, copyFile, rm, unlink } from "node:fs/promises";
import { join } from "node:path";
import { FileFormatError } from "@zkcmp/network/json-file";
import { checkOffer, FundingError, fundPurchase, keepBundle } from "../../src/buyer/fund.ts";
import { OfferMismatchError } from "../../src/buyer/offer-check.ts";
import { EscrowContract } from "../../src/escrow-contract.ts";
import { JournalError } from "../../src/journal.ts";
import { NodeError } from "../../src/json-rpc.ts";
import { cancelSale } from "../../src/seller/offer.ts";
import { OutOfFundsError } from "../../src/transaction.ts";
import { writeX25519Key } from "../../src/x25519-key-file.ts";
import { createX25519KeyPair } from "@zkcmp/sale/buyer-key";
import {
  DAY,
  expectRefusal,
  newHomes,
  offerAndProve,
  openWorld,
  order,
  type PlacedOrder,
  PRICE,
  type World,
} from "../fixture.ts";

describe("fundPurchase", function () {
  this.timeout(60_000);
  let chain: World;
  let world: World;
  let snapshot: unknown;
  let placed: PlacedOrder;
  let bundle: Bundle;
  let report: VerificationReport;
  let spent: bigint;
  before(async () => {
    chain = await openWorld();
  });
  beforeEach(async () => {
    snapshot = await chain.node.local.transport("evm_snapshot", []);
    world = await newHomes(chain);
    ({ placed, bundle, report } = await offerAndProve(world, { sampledRows: 3 }));
    spent = await chain.connection.provider.getBalance(world.buyer.wallet.address);
  });
  afterEach(async () => {
    chain.node.before = () => {};
    await chain.node.local.transport("evm_revert", [snapshot]);
    await world.close();
  });
  after(() => chain.close());

  const fund = (changed = bundle, checked = report): Promise<unknown> =>
    fundPurchase(world.buyer, placed.hash, { bundle: changed, report: checked });

  const expectNothingSpent = async (): Promise<void> => {
    expect(await chain.connection.provider.getBalance(world.buyer.wallet.address)).to.equal(spent);
    expect((await world.buyer.journal.purchase(placed.hash)).fund).to.equal(undefined);
  };

  it("pays exactly the price, once", async () => {
    const first = await fundPurchase(world.buyer, placed.hash, { bundle, report });
    const second = await fundPurchase(world.buyer, placed.hash, { bundle, report });
    expect(second).to.deep.equal(first);
    const escrow = new EscrowContract(world.connection.provider, world.escrow);
    expect((await escrow.deal(bundle.dealId)).refundableFrom).to.equal(first.refundableFrom);
    expect(await chain.connection.provider.getBalance(world.escrow)).to.equal(PRICE);
    const left = await chain.connection.provider.getBalance(world.buyer.wallet.address);
    expect(left).to.equal(spent - PRICE - first.transaction.fee);
  });

  it("is refused while anything is unchecked", async () => {
    const unchecked = { ...report, unchecked: ["S not checked, do not fund"] };
    await expectRefusal(fund(bundle, unchecked), FundingError, /not checked completely: S not checked/);
    await expectRefusal(fund(bundle, { ...report, checked: [] }), FundingError, /was not checked/);
    await expectNothingSpent();
  });

  it("is refused for another bundle than the one that is kept", async () => {
    const other = { ...bundle, proof: `${bundle.proof}00` as const };
    await expectRefusal(fund(other), FundingError, /not the one in the journal/);
    await expectNothingSpent();
  });

  it("is refused where the bundle, the test set or the X25519 key is gone", async () => {
    const { bundle: kept, testSet } = await world.buyer.journal.purchase(placed.hash);
    for (const digest of [kept!, testSet.file]) {
      const path = join(world.buyer.journal.home, "files", `${digest}.json`);
      await copyFile(path, `${path}.bak`);
      await rm(path);
      await expectRefusal(fund(), JournalError, /is missing/);
      await copyFile(`${path}.bak`, path);
      await chmod(path, 0o600);
    }
    await copyFile(world.keyFile, `${world.keyFile}.bak`);
    await unlink(world.keyFile);
    await expectRefusal(fund(), FileFormatError, /does not exist/);
    await writeX25519Key(world.keyFile, createX25519KeyPair());
    await expectRefusal(fund(), FundingError, /not the X25519 key of the order.*stays sealed/);
    await expectNothingSpent();
    await copyFile(`${world.keyFile}.bak`, world.keyFile);
    await chmod(world.keyFile, 0o600);
    await fund();
  });

  it("is refused with another account than the order's", async () => {
    const stranger = { ...world.buyer, wallet: world.stranger };
    const work = fundPurchase(stranger, placed.hash, { bundle, report });
    await expectRefusal(work, FundingError, /the deal's buyer is 0x/);
    await expectNothingSpent();
  });

  it("is refused once the offer is gone or its time is over", async () => {
    await cancelSale(world.seller, placed.hash);
    await expectRefusal(fund(), OfferMismatchError, /is cancelled, not offered/);
    await expectNothingSpent();
  });

  it("is refused after fundableUntil", async () => {
    await world.node.advanceTime(11 * DAY);
    await expectRefusal(fund(), FundingError, /time to fund this deal is over/);
    await expectNothingSpent();
  });

  it("is refused where the account is short, and says of how much", async () => {
    const { address } = world.buyer.wallet;
    await world.node.local.transport("hardhat_setBalance", [address, `0x${PRICE.toString(16)}`]);
    spent = PRICE;
    await expectRefusal(fund(), OutOfFundsError, /has 1000000000000000000 wei, the payment needs up to/);
    await expectNothingSpent();
  });

  it("is refused where the node is down", async () => {
    world.node.before = () => {
      throw new NodeError("the node at x cannot be reached", "Start it.");
    };
    await expectRefusal(fund(), NodeError, /cannot be reached/);
    world.node.before = () => {};
    await expectNothingSpent();
  });

  it("is refused where the bundle's root is not the one that the nonce was opened for", async () => {
    const sampling = { ...bundle.sampling!, root: `0x${"ab".repeat(32)}` as const };
    const other = { ...bundle, sampling };
    await keepBundle(world.buyer.journal, encodeBundle(other));
    await expectRefusal(fund(other), FundingError, /root is not the one/);
    await expectNothingSpent();
  });

  describe("checkOffer", () => {
    const check = (changed: Bundle): Promise<unknown> => checkOffer(world.connection, world.buyer.journal, changed);

    it("accepts the bundle of the offer", async () => {
      await check(bundle);
    });

    const tampered: [string, (bundle: Bundle) => Bundle, typeof OfferMismatchError | typeof OrderError, RegExp][] = [
      ["seller", (b) => ({ ...b, seller: `0x${"12".repeat(20)}`, sampling: null }), OfferMismatchError, /seller/],
      ["core", (b) => ({ ...b, core: { ...b.core, threshold: 19 } }), OfferMismatchError, /core/],
      ["scales", (b) => ({ ...b, core: { ...b.core, scales: [1, 1] } }), OfferMismatchError, /core/],
      ["split", (b) => ({ ...b, split: { ...b.split, basisPoints: 1 } }), OfferMismatchError, /split/],
      ["deal", (b) => ({ ...b, dealId: toFieldElement(5n), sampling: null }), OfferMismatchError, /no such deal/],
      [
        "price",
        (b) => ({ ...b, signedOrder: { ...b.signedOrder, order: { ...b.signedOrder.order, price: 1n } } }),
        OrderError,
        /not that of its buyer/,
      ],
    ];
    for (const [what, change, errorClass, message] of tampered) {
      it(`refuses a bundle with another ${what}`, async () => {
        await expectRefusal(check(change(bundle)), errorClass, message);
      });
    }
  });

  describe("keepBundle", () => {
    it("refuses a bundle of another deal, or before D was revealed", async () => {
      const other = encodeBundle({ ...bundle, dealId: toFieldElement(5n) });
      await expectRefusal(keepBundle(world.buyer.journal, other), FundingError, /of another deal/);
      const fresh = await newHomes(world);
      const early = await order(fresh);
      const unseen = encodeBundle({ ...bundle, signedOrder: early.signedOrder });
      await expectRefusal(keepBundle(fresh.buyer.journal, unseen), FundingError, /not revealed to any deal/);
      await fresh.close();
    });

    it("refuses to put another bundle in the place of the one that was paid", async () => {
      await fund();
      await keepBundle(world.buyer.journal, encodeBundle(bundle));
      const other = encodeBundle({ ...bundle, proof: "0x00" });
      await expectRefusal(keepBundle(world.buyer.journal, other), FundingError, /another bundle was paid/);
    });
  });
});
