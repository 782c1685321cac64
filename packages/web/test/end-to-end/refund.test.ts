import { ACCOUNTS } from "../../server/filled-market.ts";
import { expect } from "chai";
import { describeInBrowser } from "./stage.ts";
import { alertOf, connectWallet, fileAt, REJECTED, restoreJournal, sees } from "./steps.ts";

const DAY = 24 * 3_600;

describeInBrowser("a refund", (stage) => {
  it("is there when the seller's time is over, and not before; a rejection and a reload on the way change nothing", async () => {
    const { market } = stage();
    const { dealId } = market.filled.deals.funded;
    const buyer = await stage().party(ACCOUNTS.buyer);
    const { page, wallet } = buyer;
    await restoreJournal(
      buyer,
      await fileAt(market.sample("buyer-journal.json")),
      await fileAt(market.sample("buyer-key.json")),
    );
    await connectWallet(buyer);
    await buyer.go(`#/deal/${dealId}`);
    await sees(page, "Waiting for the key.");
    const refund = page.getByRole("button", { name: "Take 1.2 ether back" });
    expect(await refund.count()).to.equal(0);

    await market.advance(3 * DAY);
    await refund.waitFor();
    wallet.next("eth_sendTransaction", "reject");
    await refund.click();
    expect(await alertOf(page)).to.match(REJECTED);
    await buyer.reload();

    const before = BigInt((await market.transport("eth_getBalance", [wallet.address, "latest"])) as string);
    wallet.next("eth_sendTransaction", "lose");
    await refund.click();
    await sees(page, "1.2 ether went back to the buyer.");
    await buyer.reload();
    await sees(page, "1.2 ether went back to the buyer.");
    const after = BigInt((await market.transport("eth_getBalance", [wallet.address, "latest"])) as string);
    expect(after - before > 119n * 10n ** 16n).to.equal(true);

    // The seller, who comes too late, is told so and keeps the key.
    const seller = await stage().party(ACCOUNTS.seller);
    await restoreJournal(seller, await fileAt(market.sample("seller-journal.json")));
    await connectWallet(seller);
    await seller.go(`#/sell/${market.filled.deals.funded.orderHash}`);
    await sees(seller.page, "Refunded");
    expect(await seller.page.getByRole("button", { name: /^Open the key/ }).count()).to.equal(0);
    expect(seller.wallet.signatures()).to.equal(0);
    expect([...buyer.troubles, ...seller.troubles]).to.deep.equal([]);
  });
});
