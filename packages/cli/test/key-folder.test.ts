import { expect } from "chai";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileError, KeyError, UsageError } from "../src/cli-error.ts";
import { KeyFolder } from "../src/key-folder.ts";
import { rejected } from "./rejected.ts";

const PASSWORD = { environment: { ZKCMP_PASSWORD: "correct horse" } };

// Deriving a key from a password takes a second on purpose.
describe("key folder", function () {
  this.timeout(60_000);
  let folder: string;
  let keys: KeyFolder;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "zkcmp-keys-"));
    keys = new KeyFolder(join(folder, "keys"));
  });

  afterEach(async () => rm(folder, { recursive: true }));

  it("keeps keys in files that only their owner reads", async () => {
    await keys.createX25519("alice");
    expect((await stat(keys.x25519Path("alice"))).mode & 0o777).to.equal(0o600);
    expect((await stat(keys.folder)).mode & 0o777).to.equal(0o700);
  });

  it("finds a key by name and by path", async () => {
    const pair = await keys.createX25519("alice");
    const path = keys.x25519Path("alice");
    expect(await keys.x25519("alice")).to.deep.equal({ pair, path });
    expect(await keys.x25519(path)).to.deep.equal({ pair, path });
    expect(await rejected(keys.x25519("bob"))).to.be.instanceOf(KeyError);
  });

  it("never overwrites a key", async () => {
    const pair = await keys.createX25519("alice");
    expect(await rejected(keys.createX25519("alice"))).to.be.an("error");
    expect((await keys.x25519("alice")).pair).to.deep.equal(pair);
    expect(() => keys.expectFree("alice")).to.throw(FileError);
  });

  for (const name of ["../alice", "a/b", "", ".", "a b", "7", "x".repeat(65)]) {
    it(`refuses the name "${name}"`, async () => {
      expect(() => keys.x25519Path(name)).to.throw(UsageError);
    });
  }

  it("lists names, public keys and accounts, and nothing secret", async () => {
    const pair = await keys.createX25519("alice");
    const account = await keys.createAccount("alice", PASSWORD);
    const list = await keys.list();
    expect(list).to.deep.equal([{ name: "alice", publicKey: pair.publicKey, account }]);
    expect(JSON.stringify(list)).to.not.contain(pair.privateKey.slice(2));
  });

  it("backs up and restores every file, and shows none of the secrets in the backup", async () => {
    const pair = await keys.createX25519("alice");
    await keys.createX25519("bob");
    const backup = await keys.backup("long password");
    expect(backup).to.not.contain(pair.privateKey.slice(2)).and.not.to.contain(pair.publicKey.slice(2));
    const path = join(folder, "backup.json");
    await writeFile(path, backup);
    const other = new KeyFolder(join(folder, "other"));
    expect(await other.restore(path, "long password")).to.have.length(2);
    for (const file of await readdir(keys.folder)) {
      expect(await readFile(join(other.folder, file))).to.deep.equal(await readFile(join(keys.folder, file)));
    }
    expect(await other.restore(path, "long password")).to.deep.equal([]);
  });

  it("restores nothing with a wrong password, from a damaged backup, or over another key", async () => {
    await keys.createX25519("alice");
    await keys.createX25519("bob");
    const path = join(folder, "backup.json");
    const backup = await keys.backup("long password");
    await writeFile(path, backup);
    const other = new KeyFolder(join(folder, "other"));
    expect(await rejected(other.restore(path, "wrong password"))).to.be.instanceOf(KeyError);
    const damaged = JSON.parse(backup);
    damaged.cipher.text = damaged.cipher.text.replace(/^../, (byte: string) => (byte === "00" ? "01" : "00"));
    await writeFile(path, JSON.stringify(damaged));
    expect(await rejected(other.restore(path, "long password"))).to.be.instanceOf(KeyError);
    expect(await other.list()).to.deep.equal([]);
    await writeFile(path, backup);
    const bob = await other.createX25519("bob");
    expect(await rejected(other.restore(path, "long password"))).to.be.instanceOf(FileError);
    expect(await other.list()).to.deep.equal([{ name: "bob", publicKey: bob.publicKey, account: null }]);
  });

  it("has nothing to back up in an empty folder", async () => {
    expect(await rejected(keys.backup("long password"))).to.be.instanceOf(KeyError);
  });
});
