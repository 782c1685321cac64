import { networkFromJson } from "@zkcmp/network/network";
import { encodingFromJson } from "@zkcmp/network/encoding";
import { score } from "@zkcmp/network/score";
import type { Hex } from "@zkcmp/sale/hex";
import { expect } from "chai";
import { type NodeParts, rawFloats, writeOnnx } from "../../../network/test/onnx-writer.ts";
import { drawFlats, flatTestSet } from "../../server/flats.ts";
import {
  checkBundle,
  dealOf,
  fillOrder,
  orderFileOf,
  orderOnPage,
  prove,
  reveal,
  ROWS,
  sealFor,
  showKey,
  takeRows,
  THRESHOLD,
} from "./sale-steps.ts";
import { type BrowserParty, describeInBrowser } from "./stage.ts";
import { connectWallet, downloadOf, fileAt, type PassedFile, press, sees } from "./steps.ts";

const SEED = 1_001;

/** The market's trained network as PyTorch exports it. */
async function onnxOf(path: string): Promise<{ name: string; bytes: Uint8Array }> {
  const { layers } = JSON.parse((await fileAt(path)).text) as { layers: { weights: number[][]; biases: number[] }[] };
  const gemm = (layer: number, from: string, to: string): NodeParts => ({
    type: "Gemm",
    inputs: [from, `${layer}.weight`, `${layer}.bias`],
    outputs: [to],
    attributes: { alpha: { f: 1 }, beta: { f: 1 }, transB: { i: 1 } },
  });
  const bytes = writeOnnx({
    nodes: [
      gemm(0, "input", "hidden"),
      { type: "Relu", inputs: ["hidden"], outputs: ["positive"] },
      gemm(1, "positive", "output"),
    ],
    initializers: layers.flatMap(({ weights, biases }, layer) => [
      rawFloats(`${layer}.weight`, [weights.length, weights[0]!.length], weights.flat()),
      rawFloats(`${layer}.bias`, [biases.length], biases),
    ]),
    inputs: [{ name: "input", dims: [null, layers[0]!.weights[0]!.length] }],
    outputs: [{ name: "output" }],
  });
  return { name: "model.onnx", bytes };
}

// One sale, told by its steps: each begins on a page that was loaded anew after the step before.
describeInBrowser("a sale from both sides", (stage) => {
  let buyer: BrowserParty;
  let seller: BrowserParty;
  let orderHash: Hex;
  let dealId: Hex;
  let order: PassedFile;
  let rows: PassedFile;
  let bundle: PassedFile;
  before(async () => {
    buyer = await stage().party(7);
    seller = await stage().party(8);
  });
  afterEach(async () => {
    await buyer.reload();
    await seller.reload();
  });

  it("begins with an order, signed in the buyer's wallet", async () => {
    await fillOrder(buyer, stage().market, SEED);
    await connectWallet(buyer);
    await press(buyer.page, "Sign the order");
    orderHash = await orderOnPage(buyer.page);
    expect(buyer.wallet.signatures()).to.equal(1);
  });

  it("has an order file after a reload, with which the seller seals a network from an ONNX file", async () => {
    await sees(buyer.page, "The order is signed and in this browser’s journal.");
    order = await orderFileOf(buyer);
    expect(order.text).not.to.contain("labels");
    await sealFor(seller, stage().market, order, await onnxOf(stage().market.sample("model.json")));
    expect(seller.page.url()).to.match(new RegExp(`#/sell/${orderHash}$`));
  });

  it("is offered by the seller's wallet, whose answer is lost: the reloaded page finds the offer and sends no second one", async () => {
    await connectWallet(seller);
    seller.wallet.next("eth_sendTransaction", "lose");
    await press(seller.page, "Offer on chain");
    await sees(buyer.page, /your rows to it|Go to the deal|Offers for this order/);
    await buyer.page.getByRole("table", { name: "Offers for this order" }).waitFor();
    await seller.reload();
    const again = seller.page.getByRole("button", { name: "Offer on chain" });
    const found = seller.page.getByText("Waiting for the buyer's test set");
    await again.or(found).first().waitFor();
    if (await again.isVisible()) await again.click();
    dealId = await dealOf(seller);
    expect(seller.wallet.signatures()).to.equal(1);
  });

  it("shows the rows to this deal alone", async () => {
    await buyer.go(`#/deal/${dealId}`);
    rows = await reveal(buyer);
    await buyer.reload();
    // Lost, the file can be had again, and is the same.
    expect((await downloadOf(buyer.page, () => press(buyer.page, "Download the reveal file"))).text).to.equal(
      rows.text,
    );
    await takeRows(seller, rows);
  });

  it("is proven in the seller's browser, also when the page was closed in the middle of the proof", async () => {
    await press(seller.page, "Prove in this browser");
    await seller.reload();
    bundle = await prove(seller);
    await sees(seller.page, "Waiting for the payment");
    await seller.reload();
    const again = await downloadOf(seller.page, () => press(seller.page, "Save the bundle for the buyer"));
    expect(again.text).to.equal(bundle.text);
  });

  it("is checked in the buyer's browser", async () => {
    await checkBundle(buyer, bundle);
    await buyer.reload();
    await press(buyer.page, "Check the kept bundle again");
    await sees(buyer.page, "Everything was checked, and everything holds.");
  });

  it("is paid, from a page that was loaded anew", async () => {
    await press(buyer.page, /^Lock 0\.5 ether$/);
    await sees(buyer.page, /0\.5 ether are locked/);
    await sees(seller.page, "Take the price");
    expect(buyer.wallet.signatures()).to.equal(2);
  });

  it("is redeemed by the key", async () => {
    await showKey(seller);
    await sees(seller.page, "Sold");
    await sees(buyer.page, /The key is on chain/);
    expect(seller.wallet.signatures()).to.equal(2);
  });

  it("ends with the network at the buyer, as good as was proven", async () => {
    await press(buyer.page, "Open the network and score it");
    await sees(buyer.page, "The network keeps what was promised.");
    const file = await downloadOf(buyer.page, () => press(buyer.page, "Download the network"));
    const network = networkFromJson(JSON.parse(file.text));
    const encoding = encodingFromJson(JSON.parse((await fileAt(stage().market.sample("encoding.json"))).text));
    const { right } = score(network, flatTestSet(encoding, drawFlats(ROWS, SEED)));
    expect(right).to.be.at.least(THRESHOLD);
    await sees(buyer.page, `${right} of ${ROWS}`);
    expect([...buyer.troubles, ...seller.troubles]).to.deep.equal([]);
  });
});
