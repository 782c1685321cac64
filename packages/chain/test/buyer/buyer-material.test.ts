import { createX25519KeyPair } from "@zkcmp/sale/buyer-key";
import { expect } from "chai";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { journalMaterial, revealedMaterial } from "../../src/buyer/buyer-material.ts";
import { revealTestSet } from "../../src/buyer/reveal.ts";
import { writeX25519Key } from "../../src/x25519-key-file.ts";
import { offer, openWorld, order, temporaryFolder, type World } from "../fixture.ts";

describe("buyer's material", () => {
  let world: World;

  before(async () => {
    world = await openWorld();
  });

  after(() => world.close());

  it("is all of what the journal knows, and null where it knows nothing", async () => {
    const { journal } = world.buyer;
    const { hash, salt } = await order(world);
    const before = await journalMaterial(journal, hash);
    const { privateKey } = world.keys;
    expect(before).to.deep.equal({ testSet: world.testSet, salt, privateKey, revealedTo: null, sampleRoot: null });
    expect(await journalMaterial(world.seller.journal, hash)).to.equal(null);
  });

  it("names the deal that the test set was revealed to", async () => {
    const folder = await temporaryFolder();
    const fresh = {
      ...world,
      testSet: { ...world.testSet, rows: world.testSet.rows.map((row) => row.map((x) => x ^ 1)) },
    };
    const placed = await order(fresh);
    const dealId = await offer(fresh, placed);
    await revealTestSet(world.buyer, placed.hash, dealId);
    expect((await journalMaterial(world.buyer.journal, placed.hash))!.revealedTo).to.equal(dealId);
    await rm(folder, { recursive: true });
  });

  it("has no key where its file is gone, and takes one that is named", async () => {
    const folder = await temporaryFolder();
    const keyFile = join(folder, "lost.json");
    await writeX25519Key(keyFile, world.keys);
    const { hash } = await order({ ...world, keyFile });
    await rm(folder, { recursive: true });
    const { journal } = world.buyer;
    expect((await journalMaterial(journal, hash))!.privateKey).to.equal(null);
    const { privateKey } = createX25519KeyPair();
    expect((await journalMaterial(journal, hash, privateKey))!.privateKey).to.equal(privateKey);
  });

  it("of a reveal leaves open whom else it was revealed to, and takes the key that the journal knows", async () => {
    const { hash, salt } = await order(world);
    const { testSet, keys, buyer, seller } = world;
    const own = await revealedMaterial(buyer.journal, hash, { testSet, salt });
    expect(own).to.deep.equal({ testSet, salt, privateKey: keys.privateKey, revealedTo: null, sampleRoot: null });
    expect((await revealedMaterial(seller.journal, hash, { testSet, salt })).privateKey).to.equal(null);
  });
});
