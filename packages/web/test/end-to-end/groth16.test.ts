import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Journal } from "@zkcmp/chain/journal";
import { exportJournal } from "@zkcmp/chain/journal-backup";
import { connect, type Connection } from "@zkcmp/chain/network-connection";
import { offerSale } from "@zkcmp/chain/seller/offer";
import { keepProof, provingInputs, receiveTestSet } from "@zkcmp/chain/seller/proof";
import { sealSale } from "@zkcmp/chain/seller/seal";
import { writeX25519Key } from "@zkcmp/chain/x25519-key-file";
import { endCurve } from "@zkcmp/groth16/curve";
import { createGroth16 } from "@zkcmp/groth16/proof-system";
import { encodeBundle } from "@zkcmp/sale/bundle";
import { createX25519KeyPair } from "@zkcmp/sale/buyer-key";
import { fieldToHex } from "@zkcmp/sale/hex";
import { decodeReveal } from "@zkcmp/sale/sale-message";
import { expect } from "chai";
import { accountAt, FEW_ROWS, order, TestNode, type World } from "../../../chain/test/fixture.ts";
import { developmentSaleKey, PROVEN_SHAPE, type SaleKey } from "../../../groth16/test/proven-sale.ts";
import { networkOf, testSetFor } from "../../../sale/test/fixture.ts";
import { checkBundle, reveal } from "./sale-steps.ts";
import { type BrowserParty, describeInBrowser } from "./stage.ts";
import { connectWallet, fileAt, give, type PassedFile, press, restoreJournal, sees } from "./steps.ts";

const BUYER = 6;

// The seller is on the command line's side, since pages make no Groth16 proofs.
describeInBrowser("a bundle that is proven with Groth16", (stage) => {
  let folder: string;
  let connection: Connection;
  let key: SaleKey;
  let buyer: BrowserParty;
  let bundle: PassedFile;
  before(async () => {
    const { market } = stage();
    folder = await mkdtemp(join(tmpdir(), "zkcmp-groth16-page-"));
    connection = await connect(market.nodeUrl);
    key = await developmentSaleKey(folder);
    const network = networkOf(PROVEN_SHAPE);
    const keys = createX25519KeyPair();
    const keyFile = join(folder, "buyer-key.json");
    await writeX25519Key(keyFile, keys);
    const world: World = {
      node: new TestNode({ transport: market.transport, close: async () => {} }),
      ...{ connection, escrow: market.filled.escrow, network, testSet: testSetFor(network), keyFile, keys },
      seller: { connection, wallet: accountAt(8), journal: new Journal(join(folder, "seller")) },
      buyer: { connection, wallet: accountAt(BUYER), journal: new Journal(join(folder, "buyer")) },
      stranger: accountAt(9),
      close: async () => {},
    };
    const { journal } = world.seller;
    const { signedOrder, hash } = await order(world);
    const proofSystem = createGroth16(key);
    await sealSale(journal, { signedOrder, network, networkPath: "model.json", proofSystem, limits: FEW_ROWS });
    const id = fieldToHex((await offerSale(world.seller, hash)).dealId);

    buyer = await stage().party(BUYER);
    const backup = { name: "journal.json", text: await exportJournal(world.buyer.journal) };
    await restoreJournal(buyer, backup, await fileAt(keyFile));
    await connectWallet(buyer);
    await buyer.go(`#/deal/${id}`);
    const { testSet, salt } = decodeReveal((await reveal(buyer)).text, "reveal.json");
    await receiveTestSet(journal, hash, testSet, salt);
    const { statement, witness } = await provingInputs(journal, hash);
    const proven = await keepProof(journal, hash, await proofSystem.prove(statement, witness));
    bundle = { name: "bundle.json", text: encodeBundle(proven) };
    await buyer.reload();
  });
  after(async () => {
    await endCurve();
    await connection.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("is not to be funded before its key is trusted: the page says why, and takes the file of trusted keys", async () => {
    const { page } = buyer;
    await give(page, "Bundle from the seller", bundle);
    await sees(page, /Do not fund yet: this bundle is proven with groth16, under a key that you have not verified/);
    await sees(page, /who then forges/);
    await page.setViewportSize({ width: 360, height: 800 });
    const stickingOut = await page
      .locator(".deal-step *")
      .evaluateAll(
        (parts) =>
          parts.filter(
            (part) => part.getBoundingClientRect().right > part.closest(".deal-step")!.getBoundingClientRect().right,
          ).length,
      );
    expect(stickingOut, "on a narrow screen").to.equal(0);
    await page.setViewportSize({ width: 1_280, height: 900 });
    expect(await page.getByRole("button", { name: /^Lock / }).count()).to.equal(0);
    await give(page, "Add your trusted keys", { name: "trusted-keys.json", text: "{}" });
    await sees(page, /is not a store of trusted keys/);
    await give(page, "Add your trusted keys", {
      name: "trusted-keys.json",
      text: await readFile(key.trustStore, "utf8"),
    });
    await sees(page, "Everything was checked, and everything holds.");
    await sees(page, /key is for development only/);
  });

  it("is checked in the browser from then on, also after a reload, and paid", async () => {
    const { page } = buyer;
    await buyer.reload();
    await press(page, "Check the kept bundle again");
    await sees(page, "Everything was checked, and everything holds.");
    await checkBundle(buyer, bundle);
    await press(page, /^Lock 1(\.0)? ether$/);
    await sees(page, /1(\.0)? ether are locked/);
    expect(buyer.troubles).to.deep.equal([]);
  });
});
