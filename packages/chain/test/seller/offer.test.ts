import { type Order, OrderError } from "@zkcmp/sale/order";
import { expect } from "chai";
import { fundPurchase } from "../../src/buyer/fund.ts";
import { EscrowCodeError } from "../../src/escrow-check.ts";
import { EscrowContract, MAX_TIME_TO_FUND } from "../../src/escrow-contract.ts";
import { WaitingError, WrongChainError } from "../../src/network-connection.ts";
import { cancelSale, OfferError, offerSale } from "../../src/seller/offer.ts";
import { OutOfFundsError, TransactionError } from "../../src/transaction.ts";
import {
  accountAt,
  connectionTo,
  expectRefusal,
  LIVE_CHAIN,
  newHomes,
  offer,
  offerAndProve,
  openWorld,
  order,
  seal,
  timeOf,
  type World,
} from "../fixture.ts";

describe("offers", function () {
  this.timeout(60_000);
  let chain: World;
  let world: World;
  before(async () => {
    chain = await openWorld(LIVE_CHAIN);
  });
  beforeEach(async () => {
    world = await newHomes(chain);
  });
  afterEach(async () => {
    chain.node.finalized = null;
    await world.close();
  });
  after(() => chain.close());

  const sealed = async (changes: Partial<Order> = {}): Promise<`0x${string}`> => {
    const placed = await order(world, changes);
    await seal(world, placed);
    return placed.hash;
  };
  const noncesOf = (account: number): Promise<number> =>
    world.connection.provider.getTransactionCount(accountAt(account).address);

  it("are made once", async () => {
    const hash = await sealed();
    const nonce = await noncesOf(1);
    const first = await offerSale(world.seller, hash);
    expect(await offerSale(world.seller, hash)).to.deep.equal(first);
    expect(await noncesOf(1)).to.equal(nonce + 1);
    const escrow = new EscrowContract(world.connection.provider, world.escrow);
    expect((await escrow.deal(first.dealId)).state).to.equal("offered");
  });

  it("are refused on another chain", async () => {
    const hash = await sealed({ chainId: 5 });
    await expectRefusal(offerSale(world.seller, hash), WrongChainError, /on chain 11155111, the order is on chain 5/);
  });

  it("are refused with another escrow", async () => {
    const hash = await sealed({ escrow: `0x${"12".repeat(20)}` });
    await expectRefusal(offerSale(world.seller, hash), EscrowCodeError, /no contract/);
  });

  it("are refused for an order that its buyer did not sign", async () => {
    const placed = await order(world);
    const { order: asked } = placed.signedOrder;
    await seal(world, { ...placed, signedOrder: { order: asked, signature: `0x${"00".repeat(65)}` } });
    await expectRefusal(offerSale(world.seller, placed.hash), OrderError, /not that of its buyer/);
  });

  it("are refused when it is too late or too early to fund", async () => {
    const now = await timeOf(world);
    const late = await sealed({ fundableUntil: now - 1 });
    await expectRefusal(offerSale(world.seller, late), OfferError, /could be funded until .* only/);
    const early = await sealed({ fundableUntil: now + MAX_TIME_TO_FUND + 3600 });
    await expectRefusal(offerSale(world.seller, early), OfferError, /more than 90 days ahead/);
  });

  it("are refused for a token that is none", async () => {
    const hash = await sealed({ token: `0x${"12".repeat(20)}` });
    await expectRefusal(offerSale(world.seller, hash), OfferError, /no token at 0x1212/);
  });

  it("are refused to oneself", async () => {
    const hash = await sealed();
    await expectRefusal(offerSale({ ...world.seller, wallet: accountAt(2) }, hash), OfferError, /own account/);
  });

  it("are refused to an account without money, with nothing spent", async () => {
    const hash = await sealed();
    const { address } = world.seller.wallet;
    const provider = world.node.local.transport;
    const balance = await world.connection.provider.getBalance(address);
    await provider("hardhat_setBalance", [address, "0x64"]);
    await expectRefusal(offerSale(world.seller, hash), OutOfFundsError, /has 100 wei, the offer needs/);
    await provider("hardhat_setBalance", [address, `0x${balance.toString(16)}`]);
    expect((await world.seller.journal.sale(hash)).offer).to.equal(undefined);
  });

  describe("when they are taken back", () => {
    it("are cancelled, once", async () => {
      const placed = await order(world);
      const dealId = await offer(world, placed);
      const first = await cancelSale(world.seller, placed.hash);
      expect(await cancelSale(world.seller, placed.hash)).to.deep.equal(first);
      const escrow = new EscrowContract(world.connection.provider, world.escrow);
      expect((await escrow.deal(dealId)).state).to.equal("cancelled");
      await expectRefusal(offerSale(world.seller, placed.hash), OfferError, /was cancelled.*Seal again/);
    });

    it("count as cancelled when that is final", async () => {
      const placed = await order(world);
      await offer(world, placed);
      world.node.finalized = await world.node.blockNumber();
      await expectRefusal(cancelSale(world.seller, placed.hash, { timeout: 0 }), WaitingError, /to become final/);
      expect((await world.seller.journal.sale(placed.hash)).cancelled).to.equal(undefined);
      world.node.finalized = null;
      await cancelSale(world.seller, placed.hash);
      expect((await world.seller.journal.sale(placed.hash)).cancelled).to.equal(true);
    });

    it("are kept where there is none, or the buyer has paid", async () => {
      const hash = await sealed();
      await expectRefusal(cancelSale(world.seller, hash), OfferError, /no offer yet/);
      const { placed, bundle, report } = await offerAndProve(world);
      await fundPurchase(world.buyer, placed.hash, { bundle, report });
      await expectRefusal(cancelSale(world.seller, placed.hash), OfferError, /is funded, only an offered one/);
    });

    it("lose the race against a payment without harm", async () => {
      const { placed, bundle, report } = await offerAndProve(world);
      // The buyer's payment is mined between the seller's last look and the cancellation.
      let raced = false;
      const connection = connectionTo(world.node, LIVE_CHAIN);
      const racing = { ...connection, provider: connection.provider };
      const send = connection.provider.send.bind(connection.provider);
      connection.provider.send = async (method, params) => {
        if (method === "eth_sendRawTransaction" && !raced) {
          raced = true;
          await fundPurchase(world.buyer, placed.hash, { bundle, report });
        }
        return send(method, params);
      };
      const work = cancelSale({ ...world.seller, connection: racing }, placed.hash);
      await expectRefusal(work, TransactionError, /mined and failed.*WrongState\(.*current funded, required offered/);
      connection.provider.destroy();
    });
  });
});
