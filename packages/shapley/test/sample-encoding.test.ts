import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeRow } from "@zkcmp/network/encoding";
import { FileFormatError } from "@zkcmp/network/json-file";
import { encodeTarget } from "@zkcmp/network/target-encoding";
import { expect } from "chai";
import fc from "fast-check";
import { rejected, thrown } from "../../network/test/thrown.ts";
import {
  createSampleEncoding,
  digestEncoding,
  encodeTable,
  fitSampleEncoding,
  networkEncodingOf,
  readSampleEncoding,
  reportLines,
  type SampleEncoding,
  SampleEncodingError,
  sampleEncodingFromJson,
  sampleEncodingToJson,
  targetCount,
  targetOfDigit,
  targetScale,
  testSetOf,
  unequalPriors,
  writeSampleEncoding,
} from "../src/sample-encoding.ts";
import { parseSampleTable, type SampleTable } from "../src/sample-table.ts";

const REGRESSION: SampleEncoding = {
  dataBits: 8,
  features: [{ name: "x", offset: 10, scale: 4 }],
  target: { kind: "regression", name: "y", offset: -1, scale: 100 },
};

const CLASSES: SampleEncoding = {
  dataBits: 8,
  features: [{ name: "x", offset: 0, scale: 1 }],
  target: { kind: "classes", name: "kind", classes: ["a", "b", "c"], priors: [0.5, 0.25, 0.25] },
};

function table(...lines: string[]): SampleTable {
  return parseSampleTable(lines.join("\n"));
}

const digitsOf = (encoding: SampleEncoding, rows: SampleTable): number[][] =>
  encodeTable(encoding, rows).samples.rows.map((row) => [...row]);

describe("encoding of samples", () => {
  it("puts the offset at the digit X, rounds halves upwards and clips", () => {
    const rows = table("x,y", "10,-1", "10.25,-0.99", "10.125,-1.014", "1000,-100", "-1000,100");
    expect(digitsOf(REGRESSION, rows)).to.deep.equal([
      [128, 128],
      [129, 129],
      [129, 127],
      [255, 0],
      [0, 255],
    ]);
  });

  it("makes one target for each class, less its prior", () => {
    // 127 digits to 1: 0.5 is 63.5, 0.25 is 31.75, 0.75 is 95.25
    expect(digitsOf(CLASSES, table("x,kind", "1,a", "2,c"))).to.deep.equal([
      [129, 192, 96, 96],
      [130, 65, 96, 223],
    ]);
    expect(targetCount(CLASSES)).to.equal(3);
    expect(targetScale(CLASSES)).to.equal(127);
  });

  it("reads digits back as targets", () => {
    expect(targetOfDigit(REGRESSION, 128)).to.equal(-1);
    expect(targetOfDigit(REGRESSION, 228)).to.equal(0);
    expect(targetOfDigit(CLASSES, 96, 1)).to.be.closeTo(0, 0.01);
    expect(targetOfDigit(CLASSES, 223, 2)).to.be.closeTo(1, 0.01);
  });

  it("reports range, digits, resolution and what was clipped, by column", () => {
    const { report } = encodeTable(REGRESSION, table("x,y", "10,-1", "90,-1", "12,-1", "11,0.5"));
    expect(report).to.deep.equal([
      { name: "x", low: 10, high: 90, resolution: 0.25, digits: [128, 255], clipped: 0.25 },
      { name: "y", low: -1, high: 0.5, resolution: 0.01, digits: [128, 255], clipped: 0.25 },
    ]);
    expect(reportLines(report)[0]).to.equal("x  10 to 90, digits 128 to 255, one digit is 0.25, 25.0 % clipped");
    expect(encodeTable(CLASSES, table("x,kind", "1,a")).report.map(({ name }) => name)).to.deep.equal([
      "x",
      "kind = a",
      "kind = b",
      "kind = c",
    ]);
  });

  it("refuses a class that it does not have, by line", () => {
    const error = thrown(() => encodeTable(CLASSES, table("x,kind", "1,a", "2,d")));
    expect(error).to.be.instanceOf(SampleEncodingError);
    expect(error.message).to.include('line 3 (kind): "d" is not one of the classes');
  });
});

describe("fitting an encoding", () => {
  const rows = table("x,flat,y,kind", "1,7,10,b", "2,7,20,a", "6,7,60,b", "3,7,30,b");
  const options = { dataBits: 16, features: ["x"], target: { kind: "regression", name: "y" } } as const;

  it("takes means as offsets, so that the empty coalition predicts the mean", () => {
    const encoding = fitSampleEncoding(rows, options);
    expect(encoding.features[0]!.offset).to.equal(3);
    expect(encoding.target).to.include({ kind: "regression", offset: 30 });
  });

  it("leaves room beyond the rows, the more with more headroom, and clips none of them", () => {
    for (const headroom of [1, 1.25, 2]) {
      const encoding = fitSampleEncoding(rows, { ...options, headroom });
      // The farthest value, 6 from a mean of 3, lands at 32767 / headroom from the middle.
      expect(encoding.features[0]!.scale).to.be.closeTo(32767 / (3 * headroom), 1e-9);
      const { report } = encodeTable(encoding, rows);
      expect(report.every(({ clipped }) => clipped === 0)).to.equal(true);
      expect(report[0]!.digits[1]).to.be.closeTo(32768 + 32767 / headroom, 1);
    }
    expect(() => fitSampleEncoding(rows, { ...options, headroom: 0.9 })).to.throw(SampleEncodingError);
  });

  it("takes a declared range as it is, whatever the rows", () => {
    const encoding = fitSampleEncoding(rows, { ...options, ranges: { x: [-7, 5], y: [0, 100] } });
    expect(encoding.features[0]!.scale).to.be.closeTo(32767 / 10, 1e-9);
    expect(encoding.target).to.have.property("scale", 32767 / 70);
  });

  it("gives a column that never changes the scale 1", () => {
    expect(fitSampleEncoding(rows, { ...options, features: ["flat"] }).features[0]).to.deep.equal({
      name: "flat",
      offset: 7,
      scale: 1,
    });
  });

  it("takes shares of classes as priors, also for a declared class without rows", () => {
    const fitted = fitSampleEncoding(rows, { ...options, target: { kind: "classes", name: "kind" } });
    expect(fitted.target).to.deep.equal({
      kind: "classes",
      name: "kind",
      classes: ["a", "b"],
      priors: [0.25, 0.75],
    });
    const target = { kind: "classes", name: "kind", classes: ["b", "c", "a"] } as const;
    expect(fitSampleEncoding(rows, { ...options, target }).target).to.have.deep.property("priors", [0.75, 0, 0.25]);
  });
});

describe("unequal priors", () => {
  const encoding: SampleEncoding = {
    dataBits: 8,
    features: [{ name: "x", offset: 0, scale: 1 }],
    target: { kind: "classes", name: "kind", classes: ["sick", "well"], priors: [0.1, 0.9] },
  };

  it("are named by class, where there are any", () => {
    expect(unequalPriors(encoding)).to.deep.equal({ sick: 0.1, well: 0.9 });
    const target = { ...encoding.target, priors: [0.5, 0.5] } as SampleEncoding["target"];
    expect(unequalPriors({ ...encoding, target })).to.equal(null);
    const regression = { kind: "regression", name: "y", offset: 0, scale: 1 } as const;
    expect(unequalPriors({ ...encoding, target: regression })).to.equal(null);
  });
});

describe("an encoding and the sale of the model", () => {
  it("makes the digits of the sale's own encoding, for any row", () => {
    const real = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const scale = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(real, scale, real, scale, real, real, (offset, step, targetOffset, targetStep, x, y) => {
        const encoding = createSampleEncoding({
          dataBits: 16,
          features: [{ name: "x", offset, scale: step }],
          target: { kind: "regression", name: "y", offset: targetOffset, scale: targetStep },
        });
        const network = networkEncodingOf(encoding);
        const row = { line: 2, cells: [String(x), String(y)] };
        const { samples } = encodeTable(encoding, { name: "t", columns: ["x", "y"], rows: [row], dropped: [] });
        expect([...samples.rows[0]!]).to.deep.equal([...encodeRow(network, [x]), encodeTarget(network.target!, y)]);
      }),
    );
    expect(networkEncodingOf(CLASSES).target).to.equal(undefined);
  });

  it("gives a test set: feature digits, and the target's digit or the class as label", () => {
    const { samples } = encodeTable(REGRESSION, table("x,y", "11,-1", "9,-0.5"));
    expect(testSetOf(REGRESSION, samples)).to.deep.equal({
      inputBits: 8,
      classes: 256,
      rows: [Uint16Array.of(132), Uint16Array.of(124)],
      labels: Uint16Array.of(128, 178),
    });
    const classes = encodeTable(CLASSES, table("x,kind", "1,c", "2,a", "3,b")).samples;
    expect(testSetOf(CLASSES, classes)).to.deep.include({ classes: 3, labels: Uint16Array.of(2, 0, 1) });
    // Priors of 0 and 1 make the digits of the second class equal; its indicators are not.
    const certain: SampleEncoding = {
      ...CLASSES,
      target: { kind: "classes", name: "kind", classes: ["a", "b"], priors: [0, 1] },
    };
    const rows = encodeTable(certain, table("x,kind", "1,b", "1,a")).samples;
    expect([...rows.rows[0]!]).to.deep.equal([129, 128, 128]);
    expect([...testSetOf(certain, rows).labels]).to.deep.equal([1, 0]);
  });
});

describe("the published encoding", () => {
  it("has a digest that changes with every part", () => {
    const regression = REGRESSION.target;
    const variants: SampleEncoding[] = [
      REGRESSION,
      CLASSES,
      { ...REGRESSION, dataBits: 9 },
      { ...REGRESSION, features: [{ name: "z", offset: 10, scale: 4 }] },
      { ...REGRESSION, features: [{ name: "x", offset: 11, scale: 4 }] },
      { ...REGRESSION, features: [{ name: "x", offset: 10, scale: 5 }] },
      { ...REGRESSION, features: [...REGRESSION.features, { name: "z", offset: 10, scale: 4 }] },
      { ...REGRESSION, target: { ...regression, name: "w" } },
      { ...REGRESSION, target: { ...regression, offset: 0 } as SampleEncoding["target"] },
      { ...REGRESSION, target: { ...regression, scale: 99 } as SampleEncoding["target"] },
      { ...CLASSES, target: { kind: "classes", name: "kind", classes: ["b", "a", "c"], priors: [0.5, 0.25, 0.25] } },
      { ...CLASSES, target: { kind: "classes", name: "kind", classes: ["a", "b", "c"], priors: [0.4, 0.35, 0.25] } },
    ];
    const digests = variants.map(digestEncoding);
    expect(new Set(digests).size).to.equal(variants.length);
    expect(digests.every((digest) => /^0x[0-9a-f]{64}$/.test(digest))).to.equal(true);
  });

  it("survives a file, with its digest", async () => {
    const folder = await mkdtemp(join(tmpdir(), "zkcmp-encoding-"));
    try {
      for (const encoding of [REGRESSION, CLASSES]) {
        const path = join(folder, "encoding.json");
        await writeSampleEncoding(path, encoding);
        const read = await readSampleEncoding(path);
        expect(read).to.deep.equal(encoding);
        expect(digestEncoding(read)).to.equal(digestEncoding(encoding));
      }
      await writeFile(join(folder, "wrong.json"), '{"format":"zkcmp-network"}');
      const error = await rejected(readSampleEncoding(join(folder, "wrong.json")));
      expect(error).to.be.instanceOf(FileFormatError);
      expect(error.message).to.include("wrong.json is not the encoding of a round");
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("is checked", () => {
    const wrong: SampleEncoding[] = [
      { ...REGRESSION, dataBits: 1 },
      { ...REGRESSION, dataBits: 17 },
      { ...REGRESSION, features: [] },
      { ...REGRESSION, features: [{ name: "x", offset: 1, scale: 0 }] },
      { ...REGRESSION, features: [{ name: "y", offset: 1, scale: 1 }] },
      { ...REGRESSION, target: { kind: "regression", name: "y", offset: Infinity, scale: 1 } },
      { ...CLASSES, target: { kind: "classes", name: "kind", classes: ["a"], priors: [1] } },
      { ...CLASSES, target: { kind: "classes", name: "kind", classes: ["a", "a"], priors: [0.5, 0.5] } },
      { ...CLASSES, target: { kind: "classes", name: "kind", classes: ["a", "b"], priors: [1] } },
      { ...CLASSES, target: { kind: "classes", name: "kind", classes: ["a", "b"], priors: [1.1, 0] } },
    ];
    for (const encoding of wrong) {
      expect(thrown(() => createSampleEncoding(encoding))).to.be.instanceOf(SampleEncodingError);
      expect(() => sampleEncodingFromJson(sampleEncodingToJson(encoding))).to.throw();
    }
  });
});
