import { fieldToHex, type Hex } from "@zkcmp/sale/hex";
import { expect } from "chai";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { openNonce } from "../../packages/chain/src/buyer/reveal.ts";
import { RpcError } from "../../packages/chain/src/json-rpc.ts";
import { redeemSale } from "../../packages/chain/src/seller/redeem.ts";
import { sealSale } from "../../packages/chain/src/seller/seal.ts";
import { readX25519Key } from "../../packages/chain/src/x25519-key-file.ts";
import { believingProofSystem } from "../../packages/sale/test/fixture.ts";
import { fund, openWorld, type World } from "../../packages/chain/test/fixture.ts";

/**
 * The attack: an error message carries a secret into a log, a bug report or a screenshot. Three ways are known: a JSON
 * parser quotes the text around a fault in the journal; ethers puts the whole request into its messages, which for a
 * redemption is the key; and a node repeats the transaction that it refuses. All three are closed: the journal names files and
 * fields only, the transport's own errors take the place of ethers', and long numbers are cut out of a node's words.
 */
describe("finding: secrets in the chain's errors", function () {
  this.timeout(60_000);
  let world: World;
  let hash: Hex;
  let secrets: string[];
  before(async () => {
    world = await openWorld();
    const { placed } = await fund(world, { sampledRows: 3 });
    hash = placed.hash;
    const sale = await world.seller.journal.sale(hash);
    const { key, opening, secret } = sale.secrets;
    const { nonce } = await world.buyer.journal.purchase(hash);
    secrets = [key, opening, secret].flatMap((value) => [value.toString(), fieldToHex(value).slice(2)]);
    secrets.push(world.keys.privateKey.slice(2), placed.salt.slice(2), nonce!.slice(2), sale.claim!.salts[0]!.slice(2));
  });
  afterEach(() => {
    world.node.before = () => {};
  });
  after(() => world.close());

  /** Everything that a program could print of an error, without the digits of any secret in a run of twelve. */
  async function expectSilent(work: Promise<unknown>): Promise<void> {
    const error = await work.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(Error);
    const text = inspect(error, { depth: 8, showHidden: true, maxStringLength: null, maxArrayLength: null });
    for (const secret of secrets) {
      for (let i = 0; i + 12 <= secret.length; i++) expect(text).to.not.include(secret.slice(i, i + 12));
    }
  }

  it("stay out of what a damaged journal says, wherever the damage is", async () => {
    const path = join(world.seller.journal.home, "sales", `${hash}.json`);
    const whole = await readFile(path, "utf8");
    const places = secrets.flatMap((secret) => [whole.indexOf(secret)]).filter((place) => place >= 0);
    expect(places.length).to.be.above(2);
    for (const place of places) {
      const damages = [
        whole.slice(0, place + 20),
        `${whole.slice(0, place + 20)}"${whole.slice(place + 20)}`,
        `${whole.slice(0, place + 20)}z${whole.slice(place + 21)}`,
        `${whole.slice(0, place)}${whole.slice(place + 2)}`,
      ];
      for (const damaged of damages) {
        await writeFile(path, damaged);
        await expectSilent(world.seller.journal.sale(hash));
        await expectSilent(redeemSale(world.seller, hash));
      }
    }
    await writeFile(path, whole);
  });

  it("stay out of what a damaged key file says", async () => {
    const whole = await readFile(world.keyFile, "utf8");
    for (const damaged of [whole.slice(0, 80), whole.replace("privateKey", "private"), whole.replace('":', '"')]) {
      await writeFile(world.keyFile, damaged);
      await expectSilent(readX25519Key(world.keyFile));
    }
    await writeFile(world.keyFile, whole);
  });

  for (const method of ["eth_call", "eth_sendRawTransaction"]) {
    it(`stay out of what a node says that repeats the ${method} it refuses`, async () => {
      const { key } = (await world.seller.journal.sale(hash)).secrets;
      world.node.before = (asked, params) => {
        const text = JSON.stringify(params);
        if (asked !== method || !text.includes(fieldToHex(key).slice(2))) return;
        throw new RpcError(method, { code: -32000, message: `refused: ${text}, key ${key}, 0x${key.toString(16)}` });
      };
      await expectSilent(redeemSale(world.seller, hash, { timeout: 0 }));
    });
  }

  it("stay out of refusals", async () => {
    await expectSilent(openNonce(world.buyer, hash, { root: `0x${"ab".repeat(32)}`, signature: "0x12" }));
    const { signedOrder } = await world.seller.journal.sale(hash);
    const input = { signedOrder, network: world.network, networkPath: "x", proofSystem: believingProofSystem };
    await expectSilent(sealSale(world.seller.journal, input));
  });
});
