import { toFieldElement } from "@zkcmp/field/element";
import { networkToJson } from "@zkcmp/network/network";
import { expect } from "chai";
import { globSync, readFileSync } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { networkOf } from "../../sale/test/fixture.ts";
import { Journal } from "../src/journal.ts";
import { exportJournal, importJournal, JournalBackupError } from "../src/journal-backup.ts";
import { LockError } from "../src/lock-file.ts";
import { offerSale } from "../src/seller/offer.ts";
import { redeemSale } from "../src/seller/redeem.ts";
import { withLock } from "#lock-file";
import {
  expectRefusal,
  fund,
  newHomes,
  offer,
  openWorld,
  order,
  seal,
  temporaryFolder,
  type World,
} from "./fixture.ts";

interface Backup {
  files: Record<string, string>;
}

describe("a journal's backup", function () {
  this.timeout(60_000);
  let world: World;
  let folder: string;
  let homes = 0;
  before(async () => {
    world = await openWorld();
    folder = await temporaryFolder();
  });
  after(async () => {
    await world.close();
    await rm(folder, { recursive: true });
  });

  const freshJournal = (): Journal => new Journal(join(folder, `home-${homes++}`));

  /** A backup with some of its files changed. */
  const changed = (text: string, change: (files: Record<string, string>) => void): string => {
    const backup = JSON.parse(text) as Backup;
    change(backup.files);
    return JSON.stringify(backup);
  };

  it("brings a running sale to another place, where it goes on", async () => {
    const here = await newHomes(world);
    const { placed } = await fund(here, { sampledRows: 3 });
    const backup = await exportJournal(here.seller.journal);
    const journal = freshJournal();
    const { restored, kept, same } = await importJournal(journal, backup);
    expect([kept, same]).to.deep.equal([[], 0]);
    expect(restored).to.include(`sales/${placed.hash}.json`);
    expect((await stat(join(journal.home, restored[0]!))).mode & 0o777).to.equal(0o600);
    expect(await exportJournal(journal)).to.equal(backup);
    expect((await redeemSale({ ...here.seller, journal }, placed.hash)).paid).to.equal("paid");
    expect(await importJournal(freshJournal(), await exportJournal(here.buyer.journal))).to.have.property("same", 0);
    await here.close();
  });

  it("finds the X25519 key of a purchase where it lies now", async () => {
    const here = await newHomes(world);
    const { hash } = await order(here);
    const backup = await exportJournal(here.buyer.journal);
    const journal = freshJournal();
    const keyPathOf = async (key: string): Promise<string | null> =>
      key === world.keys.publicKey ? "zkcmp/keys/a.json" : null;
    await importJournal(journal, backup, { keyPathOf });
    expect((await journal.purchase(hash)).keyFile).to.equal("zkcmp/keys/a.json");
    expect((await importJournal(journal, backup, { keyPathOf })).kept).to.deep.equal([]);
    expect((await importJournal(journal, backup)).kept).to.deep.equal([]);
    await here.close();
  });

  it("never puts an older record in the place of a newer one, and says which it left", async () => {
    const here = await newHomes(world);
    const placed = await order(here);
    const { journal } = here.seller;
    await seal(here, placed);
    const old = await exportJournal(journal);
    await offerSale(here.seller, placed.hash);
    const { restored, kept, same } = await importJournal(journal, old);
    expect([restored, kept]).to.deep.equal([[], [`sales/${placed.hash}.json`]]);
    expect(same).to.be.greaterThan(0);
    expect((await journal.sale(placed.hash)).offer).to.not.equal(undefined);
    await here.close();
  });

  it("counts what a model has told in both places", async () => {
    const [here, there] = [freshJournal(), freshJournal()];
    const model = `0x${"6d".repeat(32)}` as const;
    const answer = (id: bigint) => ({ dealId: toFieldElement(id), answer: "proof", bits: 86 }) as const;
    for (const id of [1n, 2n]) await here.addAnswer(model, answer(id));
    for (const id of [2n, 3n]) await there.addAnswer(model, answer(id));
    const backup = await exportJournal(there);
    const file = `models/${model}.json`;
    expect(await importJournal(here, backup)).to.deep.equal({ restored: [file], kept: [], same: 0 });
    expect(await here.answers(model)).to.deep.equal([1n, 2n, 3n].map(answer));
    expect(await importJournal(here, backup)).to.deep.equal({ restored: [], kept: [], same: 1 });
  });

  it("of an older sale leads to no second ciphertext under one key", async () => {
    const here = await newHomes(world);
    const placed = await order(here);
    await seal(here, placed);
    const old = await exportJournal(here.seller.journal);
    const first = await here.seller.journal.sale(placed.hash);
    await offer(here, placed);
    const restored = { ...here, seller: { ...here.seller, journal: freshJournal() } };
    await importJournal(restored.seller.journal, old);
    await seal(restored, placed);
    expect(await restored.seller.journal.sale(placed.hash)).to.deep.equal(first);
    const other = networkOf(undefined, 5);
    expect(networkToJson(other)).to.not.deep.equal(networkToJson(world.network));
    await seal(restored, placed, other);
    const second = await restored.seller.journal.sale(placed.hash);
    expect(second.secrets.key).to.not.equal(first.secrets.key);
    expect(second.core.ciphertextDigest).to.not.equal(first.core.ciphertextDigest);
    await here.close();
  });

  it("is checked as a whole before anything is written, and named where it is damaged", async () => {
    const here = await newHomes(world);
    const placed = await order(here);
    await seal(here, placed);
    const backup = await exportJournal(here.seller.journal);
    const sale = `sales/${placed.hash}.json`;
    const otherName = `sales/0x${"55".repeat(32)}.json`;
    const kept = Object.keys((JSON.parse(backup) as Backup).files).find((name) => name.startsWith("files/"))!;
    const text = (JSON.parse(backup) as Backup).files[sale]!;
    const damaged: [string, (files: Record<string, string>) => void][] = [
      [sale, (files) => (files[sale] = text.slice(0, -9))],
      [sale, (files) => (files[sale] = text.replace('"version": 1', '"version": 2'))],
      [sale, (files) => (files[sale] = text.replace(/"key": "0x../, '"key": "0x00'))],
      [otherName, (files) => (files[otherName] = text)],
      [kept, (files) => (files[kept] += " ")],
      ["../evil.json", (files) => (files["../evil.json"] = text)],
      ["sales/../../evil.json", (files) => (files["sales/../../evil.json"] = text)],
      [`sales/${placed.hash}`, (files) => (files[`sales/${placed.hash}`] = text)],
      ["escrows/31337-0x", (files) => (files["escrows/31337-0x12.json"] = text)],
      ["keys/a.x25519.json", (files) => (files["keys/a.x25519.json"] = text)],
    ];
    for (const [name, change] of damaged) {
      const journal = freshJournal();
      const error = await expectRefusal(
        importJournal(journal, changed(backup, change)),
        JournalBackupError,
        /is damaged/,
      );
      expect(error.message).to.include(name);
      expect(await readdir(journal.home).catch(() => [])).to.deep.equal([]);
    }
    await here.close();
  });

  it("is told from other files, and from backups of newer versions, without a word of what stands in them", async () => {
    const journal = freshJournal();
    const newer = JSON.stringify({ format: "zkcmp-journal-backup", version: 2, what: "ever" });
    await expectRefusal(importJournal(journal, newer), JournalBackupError, /newer version/);
    for (const text of ["secret", "{}", '{"format":"zkcmp-journal-backup","version":1}']) {
      const error = await expectRefusal(importJournal(journal, text), JournalBackupError, /no backup of a journal/);
      expect(error.message).to.not.include("secret");
    }
  });

  it("waits for whoever works on a record, and is taken up again after that", async () => {
    const here = await newHomes(world);
    const placed = await order(here);
    await seal(here, placed);
    const backup = await exportJournal(here.seller.journal);
    const journal = freshJournal();
    await mkdir(join(journal.home, "sales"), { recursive: true, mode: 0o700 });
    await withLock(join(journal.home, "sales", `${placed.hash}.json`), 1, async () => {
      await expectRefusal(importJournal(journal, backup), LockError, /in use/);
    });
    const { restored, same } = await importJournal(journal, backup);
    expect(restored).to.deep.equal([`sales/${placed.hash}.json`]);
    expect(same).to.equal(1);
    await here.close();
  });

  it("has every folder of the journal but the checks of contracts", async () => {
    const source = fileURLToPath(new URL("../src", import.meta.url));
    const kinds = globSync("**/*.ts", { cwd: source }).flatMap((file) =>
      [...readFileSync(join(source, file), "utf8").matchAll(/^ {2}folder: "([\w-]+)",$/gm)].map(([, name]) => name!),
    );
    expect(kinds).to.include("samples");
    const own = [...readFileSync(join(source, "journal.ts"), "utf8").matchAll(/(?:#read|#write|#locked)\("([\w-]+)"/g)];
    const backup = readFileSync(join(source, "journal-backup.ts"), "utf8");
    for (const name of new Set([...own.map(([, name]) => name!)])) {
      if (name !== "escrows") expect(backup, name).to.include(`"${name}"`);
    }
    const asked: string[] = [];
    const journal = { texts: async (name: string) => (asked.push(name), []) } as unknown as Journal;
    await exportJournal(journal);
    expect(asked).to.include.members(kinds);
  });
});
