import { expect } from "chai";
import { ACCOUNTS } from "../../server/filled-market.ts";
import { dealOf, fillOrder, orderFileOf, orderOnPage, sealFor } from "./sale-steps.ts";
import { describeInBrowser } from "./stage.ts";
import { alertOf, connectWallet, press, REJECTED, sees } from "./steps.ts";

describeInBrowser("a wallet that says no", (stage) => {
  it("ends a step in words; the same step then goes on: order and offer", async () => {
    const { market } = stage();
    const buyer = await stage().party(6);
    await fillOrder(buyer, market, 1_002);
    await connectWallet(buyer);
    buyer.wallet.next("eth_signTypedData_v4", "reject");
    await press(buyer.page, "Sign the order");
    expect(await alertOf(buyer.page)).to.match(REJECTED);
    await press(buyer.page, "Sign the order");
    const orderHash = await orderOnPage(buyer.page);

    const seller = await stage().party(8);
    await sealFor(seller, market, await orderFileOf(buyer));
    await connectWallet(seller);
    seller.wallet.next("eth_sendTransaction", "reject");
    await press(seller.page, "Offer on chain");
    expect(await alertOf(seller.page)).to.match(REJECTED);
    await seller.reload();
    await press(seller.page, "Offer on chain");
    await dealOf(seller);
    expect(seller.wallet.signatures()).to.equal(2);
    await buyer.go(`#/orders/${orderHash}`);
    await buyer.page.getByRole("table", { name: "Offers for this order" }).waitFor();
    expect([...buyer.troubles, ...seller.troubles]).to.deep.equal([]);
  });

  it("is told apart from one that is busy with another window", async () => {
    const buyer = await stage().party(6);
    await buyer.go("#/");
    buyer.wallet.next("eth_requestAccounts", "busy");
    await press(buyer.page, "Connect a wallet");
    await press(buyer.page, "Test wallet");
    expect(await alertOf(buyer.page)).to.match(/window|open|wait/i);
    buyer.wallet.next("eth_requestAccounts", "reject");
    await press(buyer.page, "Test wallet");
    await buyer.page.getByRole("alert").filter({ hasText: REJECTED }).waitFor();
    await press(buyer.page, "Test wallet");
    await buyer.page.getByRole("button", { name: /^Account: / }).waitFor();
  });
});

describeInBrowser("a wallet on another network", (stage) => {
  it("is noticed, and switched by one button, which may be refused first", async () => {
    const buyer = await stage().party(ACCOUNTS.otherBuyer);
    const { page, wallet } = buyer;
    await wallet.switchChain(1);
    await buyer.go("#/");
    await connectWallet(buyer);
    await sees(page, /^Your wallet is on chain 1, this market on chain 31337/);
    wallet.next("wallet_switchEthereumChain", "reject");
    await press(page, /^Switch the wallet to /);
    expect(await page.getByRole("alert").first().innerText()).to.match(REJECTED);
    await press(page, /^Switch the wallet to /);
    await page.getByText(/^Your wallet is on chain 1/).waitFor({ state: "hidden" });
    // And back, by the wallet itself.
    await wallet.switchChain(1);
    await sees(page, /^Your wallet is on chain 1/);
    await buyer.reload();
    await sees(page, /^Your wallet is on chain 1/);
  });

  it("is asked to switch by the step itself before anything is signed", async () => {
    const { market } = stage();
    const buyer = await stage().party(5);
    await fillOrder(buyer, market, 1_003);
    await connectWallet(buyer);
    await buyer.wallet.switchChain(1);
    await press(buyer.page, "Sign the order");
    await orderOnPage(buyer.page);
    const { asked } = buyer.wallet;
    expect(asked.indexOf("wallet_switchEthereumChain")).to.be.greaterThan(-1);
    expect(asked.indexOf("wallet_switchEthereumChain")).to.be.lessThan(asked.indexOf("eth_signTypedData_v4"));
  });
});
