import { readdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createX25519KeyPair } from "@zkcmp/sale/buyer-key";
import type { Hex } from "@zkcmp/sale/hex";
import { expect } from "chai";
import { CHROMIUM, NO_CHROMIUM, type OpenProgram, openProgram } from "../../../field/test/browser/chromium.ts";
import { Journal, sha256 } from "../../src/journal.ts";
import { privateFiles } from "../../src/node-private-file.ts";
import { readX25519Key } from "../../src/x25519-key-file.ts";
import { newHomes, openWorld, order, seal, temporaryFolder } from "../fixture.ts";
import type { Files, JournalInput, JournalOutput } from "./journal-program.ts";

const HASH: Hex = `0x${"ab".repeat(32)}`;

/** All files of a home that a browser keeps as well. */
async function filesOf(home: string): Promise<Record<string, string>> {
  const paths = await readdir(home, { recursive: true, withFileTypes: true });
  const files = paths.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((path) => readFile(path, "utf8")));
  return Object.fromEntries(files.map((path, i) => [path.slice(home.length + 1).replaceAll("\\", "/"), texts[i]!]));
}

describe("the journal in a browser", function () {
  this.timeout(120_000);
  if (CHROMIUM === null) return void it.skip(NO_CHROMIUM);
  let program: OpenProgram<JournalInput, JournalOutput>;
  before(async () => {
    program = await openProgram(new URL("./journal-program.ts", import.meta.url), false);
  });
  after(() => program.close());

  it("reads the records that Node wrote, and writes the same texts", async () => {
    const world = await openWorld();
    const homes = await newHomes(world);
    try {
      const placed = await order(homes);
      await seal(homes, placed);
      const files = {
        ...(await filesOf(homes.seller.journal.home)),
        ...(await filesOf(homes.buyer.journal.home)),
      };
      const { page, run } = await program.open("plain");
      const orderHash = placed.hash;
      const output = (await run({ step: "rewrite", files, orderHash }, true)) as { files: Files } & Record<
        string,
        unknown
      >;
      expect([output.sales, output.purchases]).to.deep.equal([[orderHash], [orderHash]]);
      const { testSet } = await homes.buyer.journal.purchase(orderHash);
      expect(output.testSet).to.equal(sha256(await homes.buyer.journal.kept(testSet.file, "the test set")));
      const known = Object.keys(output.files);
      expect(known).to.include.members([`sales/${orderHash}.json`, `purchases/${orderHash}.json`]);
      for (const path of known) expect(output.files[path], path).to.equal(files[path]);
      await page.close();
    } finally {
      await homes.close();
      await world.close();
    }
  });

  it("writes what Node reads, the same text as Node's", async () => {
    const pair = createX25519KeyPair();
    const { page, run } = await program.open("plain");
    const output = (await run({ step: "write", pair }, true)) as { files: Files; pair: unknown; kept: string };
    await page.close();
    expect(output.pair).to.deep.equal(pair);
    const home = await temporaryFolder();
    try {
      for (const [path, text] of Object.entries(output.files)) {
        await privateFiles.makeFolder(dirname(join(home, path)));
        await privateFiles.write(join(home, path), text);
      }
      const journal = new Journal(home);
      expect(await journal.kept(sha256("text \u00e4\u{1f600}"), "the note")).to.equal(output.kept);
      expect(await journal.revealedTestSet(HASH)).to.deep.include({ orderHash: HASH, dealId: 5n });
      expect(await journal.answers(HASH)).to.deep.equal([{ dealId: 5n, answer: "proof", bits: 2 }]);
      expect(await journal.escrowCreation(1, `0x${"11".repeat(20)}`)).to.equal(HASH);
      await journal.withWithdrawal("name", async (last, write) => {
        expect(last?.nonce).to.equal(3);
        await write(last!);
      });
      expect(await readX25519Key(join(home, "keys", "mine.json"))).to.deep.equal(pair);
      expect(await filesOf(home)).to.deep.equal(output.files);
    } finally {
      await rm(home, { recursive: true });
    }
  });

  it("keeps files after the page, and never creates one twice", async () => {
    const first = await program.open("plain");
    expect(await first.run({ step: "create", path: "zkcmp/x.json" }, true)).to.deep.equal([true, false]);
    await first.page.close();
    const second = await program.open("plain", first.page.context());
    expect(await second.run({ step: "look", path: "zkcmp/x.json" }, true)).to.include({ first: "o", length: 3 });
    expect(await second.run({ step: "create", path: "zkcmp/x.json" }, false)).to.deep.equal([false, false]);
    const stranger = await program.open("plain");
    expect(await stranger.run({ step: "look", path: "zkcmp/x.json" }, true)).to.equal(null);
  });

  it("has the old file or the new one after a page was closed in the middle of a write", async () => {
    const path = "zkcmp/sales/x.json";
    const first = await program.open("plain");
    const profile = first.page.context();
    const old = "a".repeat(3_000_000);
    await first.run({ step: "put", path, text: old }, true);
    let brokenOff = 0;
    for (const [i, letter] of [..."bcdefg"].entries()) {
      const { page, run } = await program.open("plain", profile);
      await run({ step: "start write", path, text: letter.repeat(old.length + i + 1), times: 10 }, i % 2 === 0);
      await page.close();
      const look = await first.run({ step: "look", path }, true);
      const { first: found, length, same } = look as { first: string; length: number; same: boolean };
      expect(same, letter).to.equal(true);
      expect(length).to.equal(old.length + "abcdefg".indexOf(found));
      if (found !== letter) brokenOff++;
    }
    // Else no page was closed in the middle.
    expect(brokenOff).to.be.greaterThan(0);
  });

  it("keeps a tab from the record that another one works on, and frees it when that tab is closed", async () => {
    const holder = await program.open("plain");
    const other = await program.open("plain", holder.page.context());
    const name = `0x${"11".repeat(20)}`;
    await holder.run({ step: "hold", name }, true);
    expect(await other.run({ step: "work", name }, true)).to.deep.equal({
      error: "LockError",
      problem: `another tab is at work on zkcmp/accounts/1-${name}`,
      fix: "Wait until its step has ended, or close that tab, and try again.",
    });
    const waiting = other.run({ step: "wait", path: `zkcmp/accounts/1-${name}` }, true);
    await holder.page.close();
    expect(await waiting).to.equal("worked");
  });

  it("lets one step at a time on a record within a tab", async () => {
    const { run } = await program.open("plain");
    expect(await run({ step: "crowd", path: "zkcmp/sales/x.json" }, true)).to.equal(1);
  });

  it("says in words that the storage is full, and keeps what was there", async () => {
    const { page, run } = await program.open("plain");
    const session = await page.context().newCDPSession(page);
    // Before the first write: the browser looks at the quota only now and then.
    await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(page.url()).origin, quotaSize: 3_000_000 });
    await run({ step: "put", path: "zkcmp/x.json", text: "aaaa" }, true);
    const refused = (await run({ step: "fill", path: "zkcmp/full", texts: 20 }, true)) as Record<string, string>;
    expect(refused.error).to.equal("PrivateFileError");
    expect(refused.problem).to.match(/^Cannot write zkcmp\/full\d: the browser's storage is full$/);
    expect(await run({ step: "look", path: "zkcmp/x.json" }, true)).to.include({ first: "a", length: 4 });
  });

  it("says in words where a page may keep nothing", async () => {
    const { run } = await program.open("sandboxed");
    const file = (await run({ step: "put", path: "zkcmp/x.json", text: "a" }, false)) as Record<string, string>;
    expect([file.error, file.problem]).to.deep.equal([
      "PrivateFileError",
      "Cannot write zkcmp/x.json: this browser does not let the page keep files",
    ]);
    const lock = (await run({ step: "crowd", path: "zkcmp/x.json" }, false)) as Record<string, string>;
    expect([lock.error, lock.problem]).to.deep.equal([
      "LockError",
      "this browser does not let the page keep its tabs apart",
    ]);
  });

  it("goes on where the site's data were deleted under an open page", async () => {
    const { page, run } = await program.open("plain");
    const path = "zkcmp/x.json";
    await run({ step: "put", path, text: "aaaa" }, false);
    const session = await page.context().newCDPSession(page);
    const { origin } = new URL(page.url());
    await session.send("Storage.clearDataForOrigin", { origin, storageTypes: "indexeddb" });
    expect(await run({ step: "look", path }, false)).to.equal(null);
    await run({ step: "put", path, text: "bb" }, false);
    expect(await run({ step: "look", path }, false)).to.include({ first: "b", length: 2 });
  });
});
