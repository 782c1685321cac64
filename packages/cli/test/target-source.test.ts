import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Encoding, identityEncoding } from "@zkcmp/network/encoding";
import { createTestSet, writeTestSet } from "@zkcmp/network/testset";
import { expect } from "chai";
import { FileError, UsageError } from "../src/cli-error.ts";
import { readEncodedTargets, readRawTargets } from "../src/target-source.ts";
import { rejected } from "./rejected.ts";

describe("target source", () => {
  let folder: string;
  const file = async (content: string): Promise<string> => {
    const path = join(folder, "data.csv");
    await writeFile(path, content);
    return path;
  };
  const encoding: Encoding = { ...identityEncoding(1, 8), target: { bits: 4, offset: 10, scale: 2 } };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "zkcmp-targets-"));
  });
  after(async () => rm(folder, { recursive: true }));

  it("encodes targets and counts those that were clipped", async () => {
    const path = await file("weight,mpg\n1,10\n2,12.5\n3,17.6\n4,30\n5,9\n");
    const { set, clipped } = await readEncodedTargets(path, {}, encoding, undefined);
    expect([...set.labels]).to.deep.equal([0, 5, 15, 15, 0]);
    expect(set).to.include({ classes: 16, inputBits: 8 });
    expect(clipped).to.equal(2);
    const some = await readEncodedTargets(path, { rows: { first: 2, last: 3 } }, encoding, undefined);
    expect([...some.set.labels]).to.deep.equal([5, 15]);
  });

  it("takes targets that are digits already, of 16 bits", async () => {
    const { set } = await readEncodedTargets(await file("1,65535\n2,0\n"), {}, null, 8);
    expect([...set.labels]).to.deep.equal([65535, 0]);
    expect(set.classes).to.equal(65536);
    for (const target of ["1.5", "-1", "65536"]) {
      const problem = await rejected(readEncodedTargets(await file(`1,${target}\n`), {}, null, 8));
      expect(problem).to.be.instanceOf(FileError);
    }
  });

  it("takes an encoded set as it is", async () => {
    const path = join(folder, "set.json");
    const set = createTestSet({ inputBits: 8, classes: 16, rows: [[1], [2], [3]], labels: [15, 0, 7] });
    await writeTestSet(path, set);
    expect(await readEncodedTargets(path, {}, null, undefined)).to.deep.equal({ set, clipped: 0 });
    const cut = await readEncodedTargets(path, { rows: { first: 3, last: 3 } }, null, undefined);
    expect([...cut.set.labels]).to.deep.equal([7]);
  });

  it("refuses an encoding without targets, classes, and what is no CSV", async () => {
    const path = await file("1,2\n3,4\n");
    expect(await rejected(readEncodedTargets(path, {}, identityEncoding(1, 8), undefined))).to.be.instanceOf(
      UsageError,
    );
    expect(await rejected(readRawTargets(path, { classes: ["a", "b"] }))).to.be.instanceOf(UsageError);
    expect(await rejected(readRawTargets(path, { rows: { first: 1, last: 3 } }))).to.be.instanceOf(UsageError);
    expect(await rejected(readRawTargets(join(folder, "set.json"), {}))).to.be.instanceOf(FileError);
  });
});
