import { expect } from "chai";
import { fundPurchase } from "../../packages/chain/src/buyer/fund.ts";
import { Journal } from "../../packages/chain/src/journal.ts";
import type { Party } from "../../packages/chain/src/party.ts";
import { UnansweredError } from "../../packages/chain/src/transaction.ts";
import { expectRefusal, offerAndProve, openWorld, PRICE, type World } from "../../packages/chain/test/fixture.ts";
import { ScriptedWallet } from "../../packages/chain/test/scripted-wallet.ts";

/**
 * What goes wrong: a wallet signs and sends in one go. The buyer confirms the payment, and the page is closed, or the wallet's answer
 * is lost, before the page learns the hash. Opened again, a page that asks once more pays twice, or at least sends a second
 * payment whose gas is lost.
 * Refused because the journal holds that the wallet was asked, for what and since when, before it is asked; afterwards the chain is
 * searched for that very call, whatever hash and nonce it has, and without an answer nothing is asked for again unless the user says so.
 */
describe("finding: a wallet's answer lost after it has sent", function () {
  this.timeout(60_000);
  let world: World;
  let wallet: ScriptedWallet;
  let buyer: Party;
  beforeEach(async () => {
    world = await openWorld();
    wallet = new ScriptedWallet(world.node.local.transport, world.connection.chainId, [world.buyer.wallet]);
    buyer = { ...world.buyer, wallet: wallet.account() };
  });
  afterEach(() => world.close());

  it("is found, and the payment is not asked for twice", async () => {
    const { placed, bundle, report } = await offerAndProve(world);
    const { provider } = world.connection;
    const before = await provider.getTransactionCount(world.buyer.wallet.address);
    await world.node.local.transport("evm_setAutomine", [false]);
    wallet.reaction = "lose";
    const closed = fundPurchase(buyer, placed.hash, { bundle, report }, { signal: AbortSignal.timeout(200) });
    await expectRefusal(closed, UnansweredError, /the wallet was asked for the payment/);

    // The page is opened again, with nothing but the journal; the wallet would pay whatever it is asked.
    wallet.reaction = "send";
    const reopened: Party = { ...buyer, wallet: wallet.account(), journal: new Journal(buyer.journal.home) };
    const again = () => fundPurchase(reopened, placed.hash, { bundle, report }, { timeout: 0 });
    await expectRefusal(again(), UnansweredError, /Look into the wallet/);
    await world.node.local.transport("evm_mine", []);
    const { refundableFrom } = await again();
    expect(refundableFrom).to.be.greaterThan(0);
    expect((await again()).refundableFrom).to.equal(refundableFrom);
    expect(wallet.asked).to.have.lengthOf(1);
    expect(await provider.getTransactionCount(world.buyer.wallet.address)).to.equal(before + 1);
    expect(await provider.getBalance(world.escrow)).to.equal(PRICE);
  });
});
