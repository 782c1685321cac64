import { expect } from "chai";
import { dealOf, fillOrder, orderFileOf, orderOnPage, sealFor } from "./sale-steps.ts";
import { describeInBrowser } from "./stage.ts";
import { alertOf, connectWallet, press } from "./steps.ts";

describeInBrowser("a wallet that has lost a question", (stage) => {
  it("is asked again, after a reload too, once its user has looked into it, and not before", async () => {
    const { market } = stage();
    const buyer = await stage().party(6);
    await fillOrder(buyer, market, 1_004);
    await connectWallet(buyer);
    await press(buyer.page, "Sign the order");
    await orderOnPage(buyer.page);

    const seller = await stage().party(8);
    const { page, wallet } = seller;
    await sealFor(seller, market, await orderFileOf(buyer));
    await connectWallet(seller);
    wallet.next("eth_sendTransaction", "fail");
    await press(page, "Offer on chain");
    expect(await alertOf(page)).to.match(/has given no hash/);
    await seller.reload();
    await press(page, "Offer on chain");
    expect(await alertOf(page)).to.match(/has given no answer/);
    expect(wallet.signatures()).to.equal(1);

    const again = page.getByRole("button", { name: "Ask the wallet again" });
    expect(await again.isDisabled()).to.equal(true);
    await page.getByLabel(/^I have looked/).check();
    await again.click();
    await dealOf(seller);
    expect(wallet.signatures()).to.equal(2);
    expect(await again.count()).to.equal(0);
    expect([...buyer.troubles, ...seller.troubles]).to.deep.equal([]);
  });
});
