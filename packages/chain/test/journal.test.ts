import { toFieldElement } from "@zkcmp/field/element";
import type { Hex } from "@zkcmp/sale/hex";
import { expect } from "chai";
import { chmod, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Journal, JournalError, sha256 } from "../src/journal.ts";
import { LockError } from "../src/lock-file.ts";
import { withLock } from "../src/node-lock-file.ts";
import { PrivateFileError } from "../src/private-file.ts";
import { expectRefusal, newHomes, openWorld, order, seal, temporaryFolder, type World } from "./fixture.ts";

const HASH: Hex = `0x${"ab".repeat(32)}`;
const MODEL: Hex = `0x${"cd".repeat(32)}`;
const [dealA, dealB] = [toFieldElement(5n), toFieldElement(6n)];

describe("Journal", function () {
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  let journal: Journal;
  beforeEach(async () => {
    journal = new Journal(join(await temporaryFolder(), "home"));
  });
  afterEach(() => rm(join(journal.home, ".."), { recursive: true }));

  it("says what is missing and where it looked is to be changed", async () => {
    await expectRefusal(journal.sale(HASH), JournalError, /no sale of the order 0xabab.*--home/);
    await expectRefusal(journal.purchase(HASH), JournalError, /no purchase with the order 0xabab.*--home/);
    expect([await journal.sales(), await journal.purchases()]).to.deep.equal([[], []]);
  });

  it("lists sales and purchases by order hash, and nothing else that lies there", async () => {
    const fresh = await newHomes(world);
    const placed = await order(fresh);
    await seal(fresh, placed);
    await writeFile(join(fresh.seller.journal.home, "sales", "notes.txt"), "");
    expect(await fresh.seller.journal.sales()).to.deep.equal([placed.hash]);
    expect(await fresh.buyer.journal.purchases()).to.deep.equal([placed.hash]);
    await fresh.close();
  });

  it("keeps one command from a record that another one works on", async () => {
    const fresh = await newHomes(world);
    const placed = await order(fresh);
    const { journal } = fresh.buyer;
    await withLock(join(journal.home, "purchases", `${placed.hash}.json`), 0, () =>
      expectRefusal(
        journal.withPurchase(placed.hash, async () => 1),
        LockError,
        /in use by process/,
      ),
    );
    await fresh.close();
  });

  it("does not replace a purchase", async () => {
    const fresh = await newHomes(world);
    const placed = await order(fresh);
    const { journal } = fresh.buyer;
    const purchase = await journal.purchase(placed.hash);
    await expectRefusal(journal.createPurchase(placed.hash, purchase), JournalError, /in the journal already/);
    await fresh.close();
  });

  it("does not write what it could not read again", async () => {
    const fresh = await newHomes(world);
    const placed = await order(fresh);
    const { journal } = fresh.buyer;
    const write = journal.withPurchase(placed.hash, (purchase) => purchase.write({ bundle: "0x12" }));
    await expectRefusal(
      write,
      JournalError,
      /purchase would not be whole at content|purchase would not be whole at bundle/,
    );
    expect((await journal.purchase(placed.hash)).bundle).to.equal(undefined);
    await fresh.close();
  });

  it("keeps texts under their hash, and sees when one was changed or lost", async () => {
    const digest = await journal.keep("text");
    expect(digest).to.equal(sha256("text"));
    expect(await journal.kept(digest, "the note")).to.equal("text");
    const path = join(journal.home, "files", `${digest}.json`);
    await writeFile(path, "test");
    await expectRefusal(journal.kept(digest, "the note"), JournalError, /the note, is not what was written/);
    await rm(path);
    await expectRefusal(journal.kept(digest, "the note"), JournalError, /the note, is missing/);
  });

  it("burns a test set for the first deal, once for all", async () => {
    expect(await journal.revealedTestSet(HASH)).to.equal(null);
    const first = { orderHash: MODEL, dealId: dealA };
    expect(await journal.burnTestSet(HASH, first)).to.deep.equal(first);
    expect(await journal.burnTestSet(HASH, { orderHash: MODEL, dealId: dealB })).to.deep.equal(first);
    expect(await new Journal(journal.home).revealedTestSet(HASH)).to.deep.equal(first);
  });

  it("counts the same answer to the same deal once", async () => {
    await journal.addAnswer(MODEL, { dealId: dealA, answer: "proof", bits: 1 });
    await journal.addAnswer(MODEL, { dealId: dealA, answer: "proof", bits: 1 });
    await journal.addAnswer(MODEL, { dealId: dealA, answer: "refusal", bits: 1 });
    await journal.addAnswer(MODEL, { dealId: dealB, answer: "proof", bits: 1 });
    expect(await journal.answers(MODEL)).to.have.lengthOf(3);
  });

  it("remembers an escrow by chain and address", async () => {
    const escrow: Hex = `0x${"11".repeat(20)}`;
    await journal.rememberEscrow(1, escrow, HASH);
    expect(await journal.escrowCreation(1, escrow)).to.equal(HASH);
    expect(await journal.escrowCreation(5, escrow)).to.equal(null);
  });

  it("remembers the last withdrawal", async () => {
    const record = { from: `0x${"11".repeat(20)}` as Hex, nonce: 3, attempts: [{ hash: HASH, raw: "0x02" as Hex }] };
    await journal.withWithdrawal("name", async (last, write) => {
      expect(last).to.equal(undefined);
      await write(record);
    });
    await journal.withWithdrawal("name", async (last) => expect(last).to.deep.equal(record));
  });

  describe("a damaged or foreign file", () => {
    let path: string;
    beforeEach(async () => {
      await journal.addAnswer(MODEL, { dealId: dealA, answer: "proof", bits: 1 });
      path = join(journal.home, "models", `${MODEL}.json`);
    });

    const damages: [string, (text: string) => string, RegExp][] = [
      ["cut off", (text) => text.slice(0, -20), /is not whole/],
      [
        "of a later version",
        (text) => text.replace('"version": 1', '"version": 2'),
        /not a zkcmp-answers file.*version/,
      ],
      ["of another kind", (text) => text.replace("zkcmp-answers", "zkcmp-sale"), /not a zkcmp-answers file.*format/],
      ["with a field too many", (text) => text.replace('"bits"', '"more": 1, "bits"'), /at content\.0/],
      ["with a value out of range", (text) => text.replace('"bits": 1', '"bits": 0'), /at content\.0\.bits/],
    ];
    for (const [what, damage, message] of damages) {
      it(`${what} is refused, and left as it is`, async () => {
        const damaged = damage(await readFile(path, "utf8"));
        await writeFile(path, damaged);
        await expectRefusal(journal.answers(MODEL), JournalError, message);
        await expectRefusal(
          journal.addAnswer(MODEL, { dealId: dealB, answer: "proof", bits: 1 }),
          JournalError,
          message,
        );
        expect(await readFile(path, "utf8")).to.equal(damaged);
      });
    }

    it("that others can read is refused", async () => {
      await chmod(path, 0o644);
      await expectRefusal(journal.answers(MODEL), PrivateFileError, /other users/);
    });
  });

  it("refuses a home that others can enter", async () => {
    await journal.keep("text");
    await chmod(journal.home, 0o755);
    await expectRefusal(journal.keep("more"), PrivateFileError, /other users.*chmod 700/);
  });

  it("leaves no temporary files and no locks behind", async () => {
    await journal.addAnswer(MODEL, { dealId: dealA, answer: "proof", bits: 1 });
    expect(await readdir(join(journal.home, "models"))).to.deep.equal([`${MODEL}.json`]);
    expect((await stat(join(journal.home, "models"))).mode & 0o777).to.equal(0o700);
  });
});
