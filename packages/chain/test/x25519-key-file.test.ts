import { FileFormatError } from "@zkcmp/network/json-file";
import { createX25519KeyPair } from "@zkcmp/sale/buyer-key";
import { expect } from "chai";
import { chmod, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PrivateFileError } from "../src/private-file.ts";
import { readX25519Key, writeX25519Key } from "../src/x25519-key-file.ts";
import { expectRefusal, temporaryFolder } from "./fixture.ts";

describe("X25519 key files", () => {
  let folder: string;
  let path: string;
  const pair = createX25519KeyPair();
  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder, "key.json");
    await writeX25519Key(path, pair);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("come back as they were, private", async () => {
    expect(await readX25519Key(path)).to.deep.equal(pair);
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
  });

  it("are never overwritten", async () => {
    await expectRefusal(writeX25519Key(path, createX25519KeyPair()), FileFormatError, /exists already/);
    expect(await readX25519Key(path)).to.deep.equal(pair);
  });

  it("are refused where the halves do not belong together, without showing one", async () => {
    const other = createX25519KeyPair().publicKey;
    await writeFile(path, (await readFile(path, "utf8")).replace(pair.publicKey, other));
    const error = await expectRefusal(readX25519Key(path), FileFormatError, /not a zkcmp X25519 key file/);
    expect(error.message).to.not.include(pair.privateKey.slice(2, 20));
  });

  it("are refused where they are missing, damaged, or open to others", async () => {
    await expectRefusal(readX25519Key(join(folder, "none")), FileFormatError, /does not exist/);
    await writeFile(path, "{");
    await expectRefusal(readX25519Key(path), FileFormatError, /not a zkcmp X25519 key file/);
    await chmod(path, 0o604);
    await expectRefusal(readX25519Key(path), PrivateFileError, /other users/);
  });
});
