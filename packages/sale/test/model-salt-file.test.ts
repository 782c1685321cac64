import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomFieldElement } from "@zkcmp/field/element";
import { expect } from "chai";
import { rejected } from "../../network/test/thrown.ts";
import { readModelSalt, writeModelSalt } from "../src/model-salt-file.ts";

describe("model salt file", () => {
  let folder: string;
  let path: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "zkcmp-salt-"));
    path = join(folder, "salt.json");
  });
  after(() => rm(folder, { recursive: true }));

  it("comes back as it was written, readable by its owner only", async () => {
    const salt = randomFieldElement();
    await writeModelSalt(path, salt);
    expect(await readModelSalt(path)).to.equal(salt);
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect(JSON.parse(await readFile(path, "utf8"))).to.include({ format: "zkcmp-model-salt", version: 1 });
  });

  it("refuses zero, what is no field element, and other files, and shows no salt", async () => {
    const hex = (digits: string) => `0x${digits.padStart(64, "0")}`;
    for (const change of [
      { salt: hex("") },
      { salt: `0x${"ff".repeat(32)}` },
      { salt: "0x12" },
      { salt: 5 },
      { version: 2 },
      { extra: 1 },
    ]) {
      await writeFile(path, JSON.stringify({ format: "zkcmp-model-salt", version: 1, salt: hex("abc123"), ...change }));
      const { message, name } = (await rejected(readModelSalt(path))) as Error;
      expect(name).to.equal("FileFormatError");
      expect(message).to.not.contain("abc123");
    }
  });
});
