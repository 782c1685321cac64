import { expect } from "chai";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileError } from "../src/cli-error.ts";
import { expectWritable, readTextFile, writeFileWhole, writeResult, writeSecretFile } from "../src/file.ts";
import { rejected } from "./rejected.ts";

describe("files", () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "zkcmp-file-"));
    path = join(folder, "out.json");
  });

  afterEach(async () => rm(folder, { recursive: true }));

  it("writes for the owner only, and leaves no temporary file", async () => {
    await writeFileWhole(path, "text", false);
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect(await readdir(folder)).to.deep.equal(["out.json"]);
  });

  it("replaces a file only with --force", async () => {
    await writeFileWhole(path, "old", false);
    expect(() => expectWritable(path, false)).to.throw(FileError, "--force");
    expect(await rejected(writeFileWhole(path, "new", false))).to.be.instanceOf(FileError);
    expect(await readFile(path, "utf8")).to.equal("old");
    await writeFileWhole(path, "new", true);
    expect(await readFile(path, "utf8")).to.equal("new");
    expect(await readdir(folder)).to.deep.equal(["out.json"]);
  });

  it("never replaces a file of secrets", async () => {
    await writeSecretFile(path, "old");
    const error = await rejected(writeSecretFile(path, "new"));
    expect(error).to.be.instanceOf(FileError);
    expect((error as Error).message).to.not.contain("--force");
    expect(await readFile(path, "utf8")).to.equal("old");
    expect(await readdir(folder)).to.deep.equal(["out.json"]);
  });

  it("takes the same result again for written, and replaces another one only with --force, a secret never", async () => {
    await writeResult(path, "same", {});
    await writeResult(path, "same", {});
    expect(await rejected(writeResult(path, "other", {}))).to.be.instanceOf(FileError);
    expect(await rejected(writeResult(path, "other", { force: true, secret: true }))).to.be.instanceOf(FileError);
    expect(await readFile(path, "utf8")).to.equal("same");
    await writeResult(path, "same", { secret: true });
    await writeResult(path, "other", { force: true });
    expect(await readFile(path, "utf8")).to.equal("other");
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
  });

  it("says that a folder cannot be written to, or a file is missing", async () => {
    const missing = join(folder, "missing", "out.json");
    expect(await rejected(writeFileWhole(missing, "text", false))).to.be.instanceOf(FileError);
    const error = await rejected(readTextFile(missing, "the bundle"));
    expect((error as Error).message)
      .to.contain(missing)
      .and.to.contain("there is no such file")
      .and.to.contain("the bundle");
  });
});
