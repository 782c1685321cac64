import { identityEncoding } from "@zkcmp/network/encoding";
import { createTestSet, writeTestSet } from "@zkcmp/network/testset";
import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { FileError, UsageError } from "../src/cli-error.ts";
import { readEncodedData, readRawData } from "../src/data-source.ts";
import { rejected } from "./rejected.ts";

const IMAGES = Buffer.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8]);
const LABELS = Buffer.from([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]);

describe("data source", () => {
  let folder: string;
  const file = async (name: string, content: string | Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "zkcmp-data-"));
  });

  after(async () => rm(folder, { recursive: true }));

  it("reads a CSV of integers with declared input bits", async () => {
    const path = await file("a.csv", "1,2,0\n3,4,1\n5,6,1\n");
    const set = await readEncodedData(path, { rows: { first: 2, last: 3 } }, null, 8);
    expect(set.rows.map((row) => [...row])).to.deep.equal([
      [3, 4],
      [5, 6],
    ]);
    expect([...set.labels]).to.deep.equal([1, 1]);
    expect(set.classes).to.equal(2);
  });

  it("asks for an encoding where features are no such integers", async () => {
    const path = await file("b.csv", "1.5,2,0\n3,4,1\n");
    expect(await rejected(readEncodedData(path, {}, null, undefined))).to.be.instanceOf(UsageError);
    const error = await rejected(readEncodedData(path, {}, null, 8));
    expect(error).to.be.instanceOf(FileError);
    expect((error as Error).message)
      .to.contain("row 1")
      .and.to.contain("--encoding");
  });

  it("keeps the order of named classes, also of those that do not occur", async () => {
    const path = await file("c.csv", "1,2,yes\n3,4,no\n");
    const set = await readEncodedData(path, { classes: ["maybe", "no", "yes"] }, identityEncoding(2, 8), undefined);
    expect([...set.labels]).to.deep.equal([2, 1]);
    expect(set.classes).to.equal(3);
  });

  it("reads a pair of IDX files, gzipped or not", async () => {
    const labels = await file("labels", LABELS);
    for (const images of [await file("images", IMAGES), await file("images.gz", gzipSync(IMAGES))]) {
      const set = await readEncodedData(images, { labels }, null, undefined);
      expect(set.rows.map((row) => [...row])).to.deep.equal([
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ]);
      expect([...set.labels]).to.deep.equal([7, 9]);
      expect(set.classes).to.equal(10);
    }
  });

  it("asks for the labels of images, and refuses them for a CSV", async () => {
    const images = await file("images", IMAGES);
    expect(await rejected(readRawData(images, {}))).to.be.instanceOf(UsageError);
    const csv = await file("d.csv", "1,2,0\n");
    expect(await rejected(readRawData(csv, { labels: images }))).to.be.instanceOf(UsageError);
  });

  it("takes an encoded test set as it is", async () => {
    const path = join(folder, "set.json");
    const set = createTestSet({ inputBits: 4, classes: 2, rows: [[1], [2], [3]], labels: [0, 1, 0] });
    await writeTestSet(path, set);
    expect(await readEncodedData(path, {}, null, undefined)).to.deep.equal(set);
    const cut = await readEncodedData(path, { rows: { first: 3, last: 3 } }, null, undefined);
    expect(cut.rows.map((row) => [...row])).to.deep.equal([[3]]);
    expect(await rejected(readRawData(path, {}))).to.be.instanceOf(FileError);
  });

  it("names rows that the file does not have, and files that are not there", async () => {
    const path = await file("e.csv", "1,2,0\n3,4,1\n");
    const error = await rejected(readEncodedData(path, { rows: { first: 1, last: 3 } }, null, 8));
    expect(error).to.be.instanceOf(UsageError);
    expect((error as Error).message).to.contain("2 rows");
    expect(await rejected(readEncodedData(join(folder, "none.csv"), {}, null, 8))).to.be.instanceOf(FileError);
  });
});
