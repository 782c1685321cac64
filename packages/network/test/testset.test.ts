import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import {
  createTestSet,
  readTestSet,
  sliceTestSet,
  testSetFromJson,
  testSetToJson,
  writeTestSet,
} from "../src/testset.ts";
import { thrown } from "./thrown.ts";

const parts = {
  inputBits: 4,
  classes: 3,
  rows: [
    [0, 15, 3],
    [1, 2, 3],
  ],
  labels: [2, 0],
};

describe("testset", () => {
  it("comes back from JSON", () => {
    const row = fc.array(fc.integer({ min: 0, max: 65535 }), { minLength: 3, maxLength: 3 });
    const sets = fc.array(fc.tuple(row, fc.integer({ min: 0, max: 9 })), { minLength: 1 });
    fc.assert(
      fc.property(sets, (entries) => {
        const rows = entries.map(([values]) => values);
        const set = createTestSet({ inputBits: 16, classes: 10, rows, labels: entries.map(([, label]) => label) });
        expect(testSetFromJson(JSON.parse(JSON.stringify(testSetToJson(set))))).to.deep.equal(set);
      }),
    );
  });

  it("comes back from its file, which only its owner can read", async () => {
    const folder = await mkdtemp(join(tmpdir(), "zkcmp-testset-"));
    const path = join(folder, "testset.json");
    await writeTestSet(path, createTestSet(parts));
    expect(await readTestSet(path)).to.deep.equal(createTestSet(parts));
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    await rm(folder, { recursive: true });
  });

  it("slices rows and labels together", () => {
    const { rows, labels } = sliceTestSet(createTestSet(parts), 1, 2);
    expect(rows.map((row) => [...row])).to.deep.equal([[1, 2, 3]]);
    expect([...labels]).to.deep.equal([0]);
  });

  const refused: [what: string, change: object, message: RegExp][] = [
    [
      "an input above its bits",
      {
        rows: [
          [0, 16, 3],
          [1, 2, 3],
        ],
      },
      /Row 1, feature 2 is 16/,
    ],
    [
      "a negative input",
      {
        rows: [
          [0, 1, 3],
          [-1, 2, 3],
        ],
      },
      /Row 2, feature 1 is -1/,
    ],
    [
      "a fractional input",
      {
        rows: [
          [0, 1, 3],
          [1, 2, 0.5],
        ],
      },
      /Row 2, feature 3 is 0.5/,
    ],
    [
      "a text input",
      {
        rows: [
          [0, 1, 3],
          [1, 2, "3"],
        ],
      },
      /Row 2, feature 3 is 3/,
    ],
    [
      "unequal widths",
      {
        rows: [
          [0, 1, 3],
          [1, 2],
        ],
      },
      /Row 2 has 2 features, the first row has 3/,
    ],
    ["a label above the classes", { labels: [2, 3] }, /label of row 2 is 3/],
    ["a negative label", { labels: [-1, 0] }, /label of row 1 is -1/],
    ["a fractional label", { labels: [0.5, 0] }, /label of row 1 is 0.5/],
    ["a label too few", { labels: [0] }, /2 rows and 1 labels/],
    ["no rows", { rows: [], labels: [] }, /empty/],
    ["rows without features", { rows: [[], []] }, /empty/],
    ["0 input bits", { inputBits: 0 }, /inputBits is 0/],
    ["17 input bits", { inputBits: 17 }, /inputBits is 17/],
    ["no classes", { classes: 0 }, /number of classes is 0/],
  ];
  for (const [what, change, message] of refused) {
    it(`refuses ${what}, in memory and in JSON`, () => {
      const wrong = { ...parts, ...change } as typeof parts;
      expect(thrown(() => createTestSet(wrong)).message).to.match(message);
      const json = { format: "zkcmp-testset", version: 1, ...wrong };
      expect(thrown(() => testSetFromJson(json)).message).to.match(message);
    });
  }

  it("refuses other formats, later versions and rows that are no arrays", () => {
    const json = testSetToJson(createTestSet(parts)) as object;
    expect(thrown(() => testSetFromJson({ ...json, format: "zkcmp-network" })).message).to.match(/format/);
    expect(thrown(() => testSetFromJson({ ...json, version: 2 }, "a.json")).message).to.match(/^a\.json .*version/);
    expect(thrown(() => testSetFromJson({ ...json, rows: [{ length: 3 }, [1, 2, 3]] })).message).to.match(/rows\.0/);
  });
});
