import { expect } from "chai";
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { privateFiles } from "../src/node-private-file.ts";
import { PrivateFileError } from "../src/private-file.ts";
import { expectRefusal, temporaryFolder } from "./fixture.ts";

describe("private files", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => rm(folder, { recursive: true }));
  const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

  it("are readable by their owner alone, whatever the umask", async () => {
    const before = process.umask(0);
    try {
      const home = join(folder, "a", "b");
      await privateFiles.makeFolder(home);
      const path = join(home, "file");
      await privateFiles.write(path, "one");
      await privateFiles.write(path, "two");
      expect([await modeOf(join(folder, "a")), await modeOf(home), await modeOf(path)]).to.deep.equal([
        ...["700", "700", "600"],
      ]);
      expect(await privateFiles.read(path)).to.equal("two");
      expect(await readdir(home)).to.deep.equal(["file"]);
    } finally {
      process.umask(before);
    }
  });

  it("are created once", async () => {
    const path = join(folder, "file");
    expect(await privateFiles.create(path, "one")).to.equal(true);
    expect(await privateFiles.create(path, "two")).to.equal(false);
    expect(await readFile(path, "utf8")).to.equal("one");
    expect(await readdir(folder)).to.deep.equal(["file"]);
  });

  it("are refused where others could have read them", async () => {
    const path = join(folder, "file");
    await writeFile(path, "secret");
    await chmod(path, 0o640);
    await expectRefusal(privateFiles.read(path), PrivateFileError, /other users.*chmod 600/);
    await chmod(folder, 0o750);
    await expectRefusal(privateFiles.makeFolder(folder), PrivateFileError, /other users.*chmod 700/);
  });

  it("are null where there is none, and an error where there is something else", async () => {
    expect(await privateFiles.read(join(folder, "none"))).to.equal(null);
    await mkdir(join(folder, "sub"), { mode: 0o700 });
    await expectRefusal(privateFiles.read(join(folder, "sub")), PrivateFileError, /it is a folder/);
    await expectRefusal(privateFiles.write(join(folder, "none", "x"), ""), PrivateFileError, /folder does not exist/);
  });

  it("leave the old content and no rest behind where the new one cannot take its place", async () => {
    const path = join(folder, "sub");
    await mkdir(path, { mode: 0o700 });
    await expectRefusal(privateFiles.write(path, "text"), PrivateFileError, /Cannot write/);
    expect(await readdir(folder)).to.deep.equal(["sub"]);
  });

  it("are listed by name, without folders, and none where there is no folder", async () => {
    await privateFiles.makeFolder(join(folder, "sub"));
    for (const name of ["b", "a"]) await privateFiles.write(join(folder, name), "");
    expect((await privateFiles.names(folder)).sort()).to.deep.equal(["a", "b"]);
    expect(await privateFiles.names(join(folder, "none"))).to.deep.equal([]);
    await expectRefusal(privateFiles.names(join(folder, "a")), PrivateFileError, /Cannot list.*not a folder/);
  });
});
