import { JournalBackupError } from "@zkcmp/chain/journal-backup";
import { awaitKey } from "@zkcmp/chain/buyer/settle";
import { redeemSale } from "@zkcmp/chain/seller/redeem";
import { KeyNameError, X25519Keys } from "@zkcmp/chain/x25519-keys";
import { unsealNetwork } from "@zkcmp/sale/seal";
import { expect } from "chai";
import type { BaseWallet } from "ethers";
import { expectRefusal, fund, newHomes, openWorld, order, type World } from "../../../chain/test/fixture.ts";
import { KeysDesk } from "../../src/worker/keys-desk.ts";
import { DeskSession } from "./desk-session.ts";

describe("the desk of keys", function () {
  this.timeout(60_000);
  let chain: World;
  let world: World;
  let desk: KeysDesk;
  before(async () => {
    chain = await openWorld();
  });
  beforeEach(async () => {
    world = await newHomes(chain);
    desk = new KeysDesk(new DeskSession(world.connection, world.buyer.journal, world.escrow));
  });
  afterEach(() => world.close());
  after(() => chain.close());

  it("makes, lists, backs up and puts back, never over another key", async () => {
    const { publicKey } = await desk.create("main");
    const text = await desk.backup("main");
    expect(await desk.list()).to.have.lengthOf(1);
    const other = new KeysDesk(new DeskSession(world.connection, world.seller.journal, world.escrow));
    await other.create("main");
    await expectRefusal(other.restore("main", { name: "main.json", text }), KeyNameError, /another key/);
    expect(await other.restore("second", { name: "main.json", text })).to.include({ name: "second", publicKey });
  });

  it("lists no secret half", async () => {
    await desk.create("main");
    const { privateKey } = await new X25519Keys(world.buyer.journal).pair("main");
    expect(JSON.stringify(await desk.list())).to.not.include(privateKey.slice(2));
  });

  it("sends no key: no request to the node and no call of the wallet carries one, from the order to the plain network", async () => {
    await desk.create("main");
    const keys = new X25519Keys(world.buyer.journal);
    const pair = await keys.pair("main");
    const said: string[] = [];
    const note = (...words: unknown[]): void =>
      void said.push(
        JSON.stringify(words, (_, value: unknown) => (typeof value === "bigint" ? value.toString(16) : value)),
      );
    world.node.before = note;
    const wallet = new Proxy(world.buyer.wallet as BaseWallet, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        return (...given: unknown[]) => {
          note(String(name), given);
          return (value as (...given: unknown[]) => unknown).apply(target, given);
        };
      },
    });
    const party = { ...world.buyer, wallet };
    const path = (await desk.list())[0]!.path;
    const { placed } = await fund({ ...world, buyer: party, keys: pair, keyFile: path });
    await redeemSale(world.seller, placed.hash);
    const { key, opening, bundle } = await awaitKey(party, placed.hash);
    const network = unsealNetwork(bundle.core, placed.order, bundle.ciphertext, pair.privateKey, key, opening);
    expect(network.layers).to.deep.equal(world.network.layers);
    await desk.backup("main");
    world.node.before = () => undefined;
    const all = said.join("\n").toLowerCase();
    expect(all).to.include("eth_sendrawtransaction").and.to.include("signtypeddata");
    // That the public half is there shows that what was said is understood.
    expect(all).to.include(pair.publicKey.slice(2));
    expect(all).to.not.include(pair.privateKey.slice(2));
    expect(all).to.not.include(BigInt(pair.privateKey).toString());
  });

  it("moves a journal to another browser, whose purchases then name its own key", async () => {
    await desk.create("main");
    const keys = new X25519Keys(world.buyer.journal);
    const path = (await desk.list())[0]!.path;
    const { hash } = await order({ ...world, keys: await keys.pair("main"), keyFile: path });
    const text = await desk.exportJournal();
    const other = new KeysDesk(new DeskSession(world.connection, world.seller.journal, world.escrow));
    await other.restore("moved", { name: "main.json", text: await desk.backup("main") });
    const { restored, kept } = await other.importJournal({ name: "journal.json", text });
    expect(restored).to.include(`purchases/${hash}.json`);
    expect(kept).to.deep.equal([]);
    const [moved] = await other.list();
    expect(moved).to.deep.include({ name: "moved", orders: [hash] });
    expect((await world.seller.journal.purchase(hash)).keyFile).to.equal(moved!.path);
    expect((await other.importJournal({ name: "journal.json", text })).restored).to.deep.equal([]);
  });

  it("refuses what is no backup", async () => {
    await expectRefusal(desk.importJournal({ name: "x", text: "{}" }), JournalBackupError, /no backup of a journal/);
  });

  it("says what it knows of the storage where a browser does not tell", async () => {
    expect(await desk.storage()).to.deep.equal({ persisted: null, used: null, quota: null });
  });
});
