import { type FieldElement, reduce } from "@zkcmp/field/element";
import { type Bundle, decodeBundle, encodeBundle } from "@zkcmp/sale/bundle";
import type { Hex } from "@zkcmp/sale/hex";
import { expect } from "chai";
import { ACCOUNTS } from "../../server/filled-market.ts";
import { checkBundle, showKey } from "./sale-steps.ts";
import { type BrowserParty, describeInBrowser } from "./stage.ts";
import { alertOf, connectWallet, fileAt, give, type PassedFile, REJECTED, restoreJournal, sees } from "./steps.ts";

/** The last hexadecimal digit becomes another one. */
function nudged(hex: Hex): Hex {
  return `${hex.slice(0, -1)}${hex.endsWith("1") ? "2" : "1"}` as Hex;
}

/** Adds 1 to a field element. */
function next(element: FieldElement): FieldElement {
  return reduce(element + 1n);
}

/** What a dishonest seller does to a bundle, whose file is whole again then. */
const CHANGES: Readonly<Record<string, (bundle: Bundle) => Partial<Bundle>>> = {
  "the proof's last byte": ({ proof }) => ({ proof: nudged(proof) }),
  "a digit in the middle of the proof": ({ proof }) => {
    const at = proof.length >> 1;
    return { proof: `${proof.slice(0, at)}${proof[at] === "7" ? "8" : "7"}${proof.slice(at + 1)}` as Hex };
  },
  "a shorter proof": ({ proof }) => ({ proof: proof.slice(0, -64) as Hex }),
  "a word of the ciphertext": ({ ciphertext: [first, ...others] }) => ({ ciphertext: [next(first!), ...others] }),
  "the key commitment": ({ core }) => ({ core: { ...core, keyCommitment: next(core.keyCommitment) } }),
  "the binding to the buyer": ({ core }) => ({ core: { ...core, bindingCommitment: next(core.bindingCommitment) } }),
  "the ephemeral key": ({ core }) => ({ core: { ...core, ephemeralKey: nudged(core.ephemeralKey) } }),
  "the threshold in the core": ({ core }) => ({ core: { ...core, threshold: 1 } }),
  "the threshold in the order": ({ signedOrder }) => ({
    signedOrder: { ...signedOrder, order: { ...signedOrder.order, threshold: 1 } },
  }),
  "the deal's id": ({ dealId }) => ({ dealId: next(dealId) }),
  "the seller": ({ seller }) => ({ seller: nudged(seller) }),
  "a scale of the network": ({ core }) => ({ core: { ...core, scales: core.scales.map((scale) => 2 * scale) } }),
};

describeInBrowser("a bundle that was tampered with", (stage) => {
  let buyer: BrowserParty;
  let bundle: PassedFile;
  before(async () => {
    const { market } = stage();
    buyer = await stage().party(ACCOUNTS.buyer);
    await restoreJournal(
      buyer,
      await fileAt(market.sample("buyer-journal.json")),
      await fileAt(market.sample("buyer-key.json")),
    );
    await connectWallet(buyer);
    bundle = await fileAt(market.sample("bundle.json"));
    await buyer.go(`#/deal/${market.filled.deals.provenOffer.dealId}`);
  });

  const refused = async (text: string): Promise<string> => {
    const { page } = buyer;
    await give(page, "Bundle from the seller", { name: "bundle.json", text });
    await sees(page, "Do not fund on this bundle.");
    const words = await alertOf(page);
    // Gone, so that the next one's alert is not taken for this one's.
    await buyer.reload();
    await page.getByLabel("Bundle from the seller").waitFor();
    expect(await page.getByRole("button", { name: /^Lock / }).count()).to.equal(0);
    return words;
  };

  for (const [what, change] of Object.entries(CHANGES)) {
    it(`is refused in words, with nothing to pay: ${what}`, async () => {
      const whole = decodeBundle(bundle.text);
      const text = encodeBundle({ ...whole, ...change(whole) });
      expect(text).not.to.equal(bundle.text);
      expect(await refused(text)).not.to.match(/unexpected/);
    });
  }

  it("is refused in words: cut off, one letter changed, and no bundle at all", async () => {
    expect(await refused(bundle.text.slice(0, 2_000))).to.match(/bundle is not whole/);
    expect(await refused(bundle.text.replace('"libra"', '"Libra"'))).to.match(/bundle/);
    const encoding = await fileAt(stage().market.sample("encoding.json"));
    expect(await refused(encoding.text)).to.match(/bundle/);
    expect(buyer.wallet.signatures()).to.equal(0);
  });

  it("is refused where it belongs to another deal of the same buyer", async () => {
    const { freshOffer, provenOffer } = stage().market.filled.deals;
    await buyer.go(`#/deal/${freshOffer.dealId}`);
    await buyer.page.getByLabel("I give these rows to this seller, for this deal and no other").waitFor();
    expect(await buyer.page.getByLabel("Bundle from the seller").count()).to.equal(0);
    await buyer.go(`#/deal/${provenOffer.dealId}`);
  });

  it("does not spoil the whole one, which is checked, paid after a rejection, and redeemed after another one", async () => {
    await checkBundle(buyer, bundle);
    const { page, wallet } = buyer;
    const lock = page.getByRole("button", { name: /^Lock 1\.8 ether$/ });
    await wallet.switchAccount(8);
    await sees(page, "Another account is connected.");
    expect(await lock.isDisabled()).to.equal(true);
    await wallet.switchAccount(ACCOUNTS.buyer);
    await page.getByText("Another account is connected.").waitFor({ state: "hidden" });
    wallet.next("eth_sendTransaction", "reject");
    await lock.click();
    expect(await alertOf(page)).to.match(REJECTED);
    await buyer.reload();
    await lock.click();
    await sees(page, /1\.8 ether are locked/);
    expect(wallet.signatures()).to.equal(2);

    const { market } = stage();
    const seller = await stage().party(ACCOUNTS.seller);
    await restoreJournal(seller, await fileAt(market.sample("seller-journal.json")));
    await connectWallet(seller);
    await seller.go(`#/sell/${market.filled.deals.provenOffer.orderHash}`);
    seller.wallet.next("eth_sendTransaction", "reject");
    await showKey(seller);
    expect(await alertOf(seller.page)).to.match(REJECTED);
    await seller.reload();
    await showKey(seller);
    await sees(seller.page, "Sold");
    await sees(page, /The key is on chain/);
    expect(buyer.troubles).to.deep.equal([]);
  });
});
