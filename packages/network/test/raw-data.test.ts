import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { type Encoding, identityEncoding } from "../src/encoding.ts";
import { IdxError } from "../src/idx.ts";
import { FileFormatError } from "../src/json-file.ts";
import {
  dataKind,
  defaultEncoding,
  type NamedBytes,
  parseEncodedData,
  parseEncodedTargets,
  parseRawData,
  parseRawTargets,
  RawDataError,
  type RawDataFault,
} from "../src/raw-data.ts";
import { createTestSet, testSetToJson } from "../src/testset.ts";
import { rejected, thrown } from "./thrown.ts";

const csv = (text: string): NamedBytes => ({ name: "a.csv", bytes: new TextEncoder().encode(text) });
const images = { name: "images", bytes: Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4) };
const labels = { name: "labels", bytes: Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9) };
const gz = ({ name, bytes }: NamedBytes): NamedBytes => ({
  name: `${name}.gz`,
  bytes: new Uint8Array(gzipSync(bytes)),
});
const set = createTestSet({ inputBits: 4, classes: 2, rows: [[1], [2], [3]], labels: [0, 1, 0] });
const setFile = { ...csv(JSON.stringify(testSetToJson(set))), name: "set.json" };

function expectFault(error: unknown, fault: RawDataFault, text: string): void {
  expect(error).to.be.instanceOf(RawDataError);
  expect((error as RawDataError).fault).to.equal(fault);
  expect((error as RawDataError).message).to.contain(text);
}

describe("raw data", () => {
  it("is told apart by its first bytes", () => {
    expect(dataKind(images.bytes)).to.equal("IDX");
    expect(dataKind(gz(labels).bytes)).to.equal("IDX");
    expect(dataKind(setFile.bytes)).to.equal("test set");
    expect(dataKind(csv(" \n{").bytes)).to.equal("test set");
    expect(dataKind(csv("a,b\n1,2").bytes)).to.equal("CSV");
    expect(dataKind(new Uint8Array())).to.equal("CSV");
  });

  it("of a CSV keeps its classes in order, also those that do not occur", async () => {
    const raw = await parseRawData([csv("1,2,yes\n3,4,no\n")], { classes: ["maybe", "no", "yes"] });
    expect(raw.rows.map((row) => [...Array.from(row)])).to.deep.equal([
      [1, 2],
      [3, 4],
    ]);
    expect([...raw.labels]).to.deep.equal([2, 1]);
    expect(raw).to.deep.include({ classes: 3, classNames: ["maybe", "no", "yes"], image: null });
    const named = await parseRawData([csv("kind,x\nb,5\na,6\n")], { labelColumn: "kind" });
    expect([...named.labels]).to.deep.equal([1, 0]);
  });

  it("of images takes the two files in any order, packed or not", async () => {
    for (const files of [
      [images, labels],
      [labels, images],
      [gz(labels), images],
      [gz(images), gz(labels)],
    ]) {
      const raw = await parseRawData(files);
      expect(raw.rows.map((row) => Array.from(row))).to.deep.equal([
        [1, 2],
        [3, 4],
      ]);
      expect([...raw.labels]).to.deep.equal([7, 9]);
      expect(raw).to.deep.include({ classes: 10, classNames: null, image: { height: 1, width: 2 } });
    }
  });

  it("needs labels to images, one kind of both, and one file of any other kind", async () => {
    expectFault(await rejected(parseRawData([images])), "labels", "images is an IDX file");
    expectFault(await rejected(parseRawData([images, csv("1,2")])), "files", "two IDX files together");
    expectFault(await rejected(parseRawData([csv("1,2"), labels])), "files", "2 files were given");
    expectFault(await rejected(parseRawData([])), "files", "there is no file");
    expectFault(await rejected(parseRawData([setFile])), "kind", "set.json is an encoded test set");
    expect(await rejected(parseRawData([images, images]))).to.be.instanceOf(IdxError);
  });

  it("takes a range of rows, and says how many there are where it ends beyond them", async () => {
    const file = csv("1,0\n2,1\n3,1\n");
    const raw = await parseRawData([file], { rows: { first: 2, last: 3 } });
    expect(raw.rows.map((row) => row[0])).to.deep.equal([2, 3]);
    expect([...raw.labels]).to.deep.equal([1, 1]);
    for (const rows of [
      { first: 1, last: 4 },
      { first: 0, last: 2 },
      { first: 3, last: 2 },
      { first: 1, last: NaN },
    ]) {
      const error = await rejected(parseRawData([file], { rows }));
      expectFault(error, "rows", "a.csv has 3 rows");
      expect((error as RawDataError).rows).to.equal(3);
    }
  });

  it("becomes a test set through an encoding, or as it is where the rows are encoded", async () => {
    const encoding: Encoding = { ...identityEncoding(1, 8), offsets: [-1], scales: [2] };
    const encoded = await parseEncodedData([csv("1,0\n2,1\n")], {}, encoding);
    expect(encoded.rows.map((row) => row[0])).to.deep.equal([4, 6]);
    expect(encoded).to.include({ inputBits: 8, classes: 2 });
    expect(await parseEncodedData([setFile], {}, encoding)).to.deep.equal(set);
    const cut = await parseEncodedData([setFile], { rows: { first: 3, last: 3 } }, null);
    expect(cut.rows.map((row) => row[0])).to.deep.equal([3]);
    const broken = { name: "set.json", bytes: setFile.bytes.slice(0, -9) };
    expect(await rejected(parseEncodedData([broken], {}, null))).to.be.instanceOf(FileFormatError);
  });

  it("without an encoding must be integers of declared bits", async () => {
    const half = csv("1.5,0\n3,1\n");
    expectFault(await rejected(parseEncodedData([half], {}, null)), "rule", "needs a rule");
    expectFault(await rejected(parseEncodedData([half], {}, null, 8)), "value", "row 1 has a feature");
    expectFault(await rejected(parseEncodedData([csv("1,0\n16,1\n")], {}, null, 4)), "value", "row 2");
    const { rows } = await parseEncodedData([csv("1,0\n15,1\n")], {}, null, 4);
    expect(rows.map((row) => row[0])).to.deep.equal([1, 15]);
    expect(defaultEncoding(await parseRawData([images, labels])).inputBits).to.equal(8);
  });
});

describe("raw targets", () => {
  const encoding: Encoding = { ...identityEncoding(1, 8), target: { bits: 4, offset: 10, scale: 2 } };
  const cars = csv("weight,mpg\n1,10\n2,12.5\n3,17.6\n4,30\n5,9\n");

  it("are encoded, and those that were clipped are counted", () => {
    const { set: digits, clipped } = parseEncodedTargets(cars, {}, encoding);
    expect([...digits.labels]).to.deep.equal([0, 5, 15, 15, 0]);
    expect(digits).to.include({ classes: 16, inputBits: 8 });
    expect(clipped).to.equal(2);
    const some = parseEncodedTargets(cars, { rows: { first: 2, last: 3 } }, encoding);
    expect([...some.set.labels]).to.deep.equal([5, 15]);
  });

  it("may be digits of 16 bits already", () => {
    const { set: digits } = parseEncodedTargets(csv("1,65535\n2,0\n"), {}, null, 8);
    expect([...digits.labels]).to.deep.equal([65535, 0]);
    expect(digits.classes).to.equal(65536);
    for (const target of ["1.5", "-1", "65536"]) {
      expectFault(
        thrown(() => parseEncodedTargets(csv(`1,${target}\n`), {}, null, 8)),
        "value",
        "row 1 has a target",
      );
    }
  });

  it("need a CSV, rows that are there, and an encoding of targets", () => {
    expectFault(
      thrown(() => parseRawTargets(images)),
      "kind",
      "images is no CSV",
    );
    expectFault(
      thrown(() => parseRawTargets(cars, { rows: { first: 1, last: 6 } })),
      "rows",
      "a.csv has 5 rows",
    );
    expectFault(
      thrown(() => parseEncodedTargets(cars, {}, identityEncoding(1, 8))),
      "target",
      "does not say how targets",
    );
    expect(parseEncodedTargets(setFile, { rows: { first: 1, last: 2 } }, null).set.rows).to.have.lengthOf(2);
  });
});
