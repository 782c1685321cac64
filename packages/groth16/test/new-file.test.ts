import { expect } from "chai";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FileExistsError, hashFile, writeNewFile } from "../src/new-file.ts";
import { errorOf, removeFolder, temporaryFolder } from "./toy.ts";

describe("new-file", () => {
  let folder: string;

  beforeEach(async () => (folder = await temporaryFolder()));
  afterEach(() => removeFolder(folder));

  it("appears under its name when it is complete", async () => {
    const path = join(folder, "inner", "a");
    const result = await writeNewFile(path, async (temporary) => {
      await writeFile(temporary, "half");
      expect(await readdir(join(folder, "inner"))).to.not.include("a");
      await writeFile(temporary, "whole");
      return 5;
    });
    expect(result).to.equal(5);
    expect(await readFile(path, "utf8")).to.equal("whole");
    expect(await readdir(join(folder, "inner"))).to.deep.equal(["a"]);
  });

  it("replaces no file, not even one that appears meanwhile", async () => {
    const path = join(folder, "a");
    const late = writeNewFile(path, async (temporary) => {
      await writeFile(temporary, "mine");
      await writeFile(path, "theirs");
    });
    expect(await errorOf(late)).to.be.instanceOf(FileExistsError);
    const second = writeNewFile(path, () => expect.fail("must not be called"));
    expect(await errorOf(second)).to.be.instanceOf(FileExistsError);
    expect(await readFile(path, "utf8")).to.equal("theirs");
    expect(await readdir(folder)).to.deep.equal(["a"]);
  });

  it("leaves nothing behind after an error", async () => {
    const failing = writeNewFile(join(folder, "a"), async (temporary) => {
      await writeFile(temporary, "half");
      throw new Error("no space");
    });
    expect((await errorOf(failing)).message).to.equal("no space");
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it("hashes files", async () => {
    await writeFile(join(folder, "abc"), "abc");
    expect(await hashFile(join(folder, "abc"), "sha256")).to.match(/^ba7816bf8f01cfea/);
    expect(await hashFile(join(folder, "abc"), "blake2b512")).to.match(/^ba80a53f981c4d0d/);
  });
});
