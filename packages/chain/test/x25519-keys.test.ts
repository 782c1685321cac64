import { rm, stat } from "node:fs/promises";
import { FileFormatError } from "@zkcmp/network/json-file";
import { x25519KeyPairOf } from "@zkcmp/sale/buyer-key";
import { expect } from "chai";
import { Journal } from "../src/journal.ts";
import { readX25519Key } from "../src/x25519-key-file.ts";
import { KeyNameError, X25519Keys } from "../src/x25519-keys.ts";
import { expectRefusal, openWorld, order, temporaryFolder } from "./fixture.ts";

describe("X25519Keys", function () {
  this.timeout(60_000);
  let home: string;
  let keys: X25519Keys;
  beforeEach(async () => {
    home = await temporaryFolder();
    keys = new X25519Keys(new Journal(home));
  });
  afterEach(() => rm(home, { recursive: true }));

  it("makes keys under names, in files that orders can name and nobody else can read", async () => {
    expect(await keys.list()).to.deep.equal([]);
    const made = await keys.create("work");
    expect(Object.keys(made).sort()).to.deep.equal(["name", "orders", "path", "publicKey"]);
    expect((await readX25519Key(made.path)).publicKey).to.equal(made.publicKey);
    expect((await stat(made.path)).mode & 0o777).to.equal(0o600);
    await keys.create("a-second_1");
    expect((await keys.list()).map(({ name }) => name)).to.deep.equal(["a-second_1", "work"]);
  });

  it("never overwrites a key, neither by a new one nor by one that is put back", async () => {
    const first = await keys.create("work");
    await expectRefusal(keys.create("work"), KeyNameError, /another key with the name work/);
    const other = new X25519Keys(new Journal(`${home}/other`));
    await other.create("work");
    await expectRefusal(keys.restore("work", await other.backup("work"), "x.json"), KeyNameError, /another key/);
    expect((await keys.list())[0]!.publicKey).to.equal(first.publicKey);
  });

  it("puts a key back from its backup, and keeps the one there is", async () => {
    const { publicKey } = await keys.create("work");
    const text = await keys.backup("work");
    const elsewhere = new X25519Keys(new Journal(`${home}/elsewhere`));
    expect(await elsewhere.restore("again", text, "work.json")).to.include({ name: "again", publicKey });
    expect(await elsewhere.pair("again")).to.deep.equal(await keys.pair("work"));
    expect(await elsewhere.restore("twice", text, "work.json")).to.include({ name: "again" });
    expect(await elsewhere.list()).to.have.lengthOf(1);
  });

  it("refuses files that are no keys without quoting them", async () => {
    const { privateKey } = x25519KeyPairOf(`0x${"11".repeat(32)}`);
    for (const text of [
      "{",
      "{}",
      JSON.stringify({ format: "zkcmp-x25519-key", version: 1, privateKey, publicKey: privateKey }),
    ]) {
      const error = await expectRefusal(keys.restore("work", text, "key.json"), FileFormatError, /key\.json is not/);
      expect(error.message).to.not.include("1111");
    }
    expect(await keys.list()).to.deep.equal([]);
  });

  it("refuses names that would leave the folder", async () => {
    for (const name of ["", "../x", "a/b", "7", "a.b", "x".repeat(65)]) {
      await expectRefusal(keys.create(name), KeyNameError, /cannot be the name/);
    }
  });

  it("says which orders need a key", async () => {
    const world = await openWorld();
    const own = new X25519Keys(world.buyer.journal);
    const { publicKey, path } = await own.create("work");
    await own.create("unused");
    const placed = await order({ ...world, keys: await own.pair("work"), keyFile: path });
    const list = await own.list();
    expect(list.map(({ name, orders }) => [name, orders])).to.deep.equal([
      ["unused", []],
      ["work", [placed.hash]],
    ]);
    expect(list[1]!.publicKey).to.equal(publicKey);
    await world.close();
  });
});
