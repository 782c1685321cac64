import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CsvError } from "@zkcmp/network/csv";
import { expect } from "chai";
import { rejected, thrown } from "../../network/test/thrown.ts";
import {
  groupByRange,
  groupByText,
  numbersOf,
  parseSampleTable,
  readSampleTable,
  SampleTableError,
  selectRows,
  textsOf,
} from "../src/sample-table.ts";

const CARS = ["mpg,power,origin,name", "18,130,usa,a", "26.5,?,japan,b", "24,95,japan,", "31,NaN,usa,d"].join("\n");

describe("table of samples", () => {
  it("has columns by name, in the order of the file", () => {
    const table = parseSampleTable(CARS, { columns: ["origin", "mpg"] });
    expect(table.columns).to.deep.equal(["mpg", "origin"]);
    expect([...numbersOf(table, "mpg")]).to.deep.equal([18, 26.5, 24, 31]);
    expect(textsOf(table, "origin")).to.deep.equal(["usa", "japan", "japan", "usa"]);
    expect(table.rows.map(({ line }) => line)).to.deep.equal([2, 3, 4, 5]);
    expect(table.dropped).to.deep.equal([]);
  });

  it("refuses missing values, all of them in one error, by line and column", () => {
    const error = thrown(() => parseSampleTable(CARS, { name: "cars.csv" }));
    expect(error).to.be.instanceOf(SampleTableError);
    expect(error.message).to.include(
      "cars.csv: 3 values are missing: line 3 (power), line 4 (name), line 5 (power). Fill",
    );
    const many = ["a,b", ...new Array<string>(10).fill("NA,null")].join("\n");
    expect(thrown(() => parseSampleTable(many)).message).to.match(
      /20 values are missing: .*line 5 \(b\) and 12 more\./,
    );
    expect(thrown(() => parseSampleTable("a,b\n1,\n")).message).to.include("1 value is missing: line 2 (b)");
  });

  it("does not mind what is missing in columns that are ignored", () => {
    const table = parseSampleTable(CARS, { ignore: ["power", "name"] });
    expect(table.columns).to.deep.equal(["mpg", "origin"]);
    expect(table.rows.length).to.equal(4);
  });

  it("drops rows with missing values when asked to, and says which", () => {
    const table = parseSampleTable(CARS, { dropMissing: true });
    expect(table.dropped).to.deep.equal([3, 4, 5]);
    expect(table.rows.map(({ line }) => line)).to.deep.equal([2]);
    const nothing = "a,b\n,1\n2,\n";
    expect(thrown(() => parseSampleTable(nothing, { dropMissing: true })).message).to.include("no row without");
  });

  it("names what is wrong with a file or a choice of columns", () => {
    const cases: [string, Parameters<typeof parseSampleTable>[1], string][] = [
      ["", {}, "is empty"],
      ["a,b\n", {}, "has no rows"],
      ["a,b\n1,2,3\n", {}, "line 2: 3 columns, the header names 2"],
      ["a,a\n1,2\n", {}, 'two columns "a"'],
      ["a,b\n1,2\n", { columns: ["c"] }, 'no column "c". It has a, b'],
      ["a,b\n1,2\n", { ignore: ["c"] }, 'no column "c"'],
      ["a,b\n1,2\n", { columns: ["a"], ignore: ["a"] }, "every column is left out"],
    ];
    for (const [text, options, message] of cases) {
      expect(thrown(() => parseSampleTable(text, options)).message).to.include(message);
    }
    expect(thrown(() => parseSampleTable('a,b\n"1,2\n'))).to.be.instanceOf(CsvError);
    const table = parseSampleTable(CARS, { ignore: ["power", "name"] });
    expect(thrown(() => textsOf(table, "power")).message).to.include('no column "power"');
    expect(thrown(() => numbersOf(table, "origin")).message).to.include('line 2 (origin): "usa" is not a number');
    expect(thrown(() => numbersOf(parseSampleTable("a\n0x10\n"), "a")).message).to.include("not a number");
  });

  it("selects rows, and groups them by a text", () => {
    const table = parseSampleTable(CARS, { columns: ["mpg", "origin"] });
    expect([...numbersOf(selectRows(table, [3, 0]), "mpg")]).to.deep.equal([31, 18]);
    const groups = groupByText(table, "origin");
    expect([...groups.keys()]).to.deep.equal(["usa", "japan"]);
    expect([...groups.values()].map((group) => [...numbersOf(group, "mpg")])).to.deep.equal([
      [18, 31],
      [26.5, 24],
    ]);
  });

  it("groups rows by ranges of a number, equal values together, sizes about equal", () => {
    const years = [70, 72, 70, 71, 73, 73, 72, 70, 74, 71];
    const table = parseSampleTable(["year", ...years].join("\n"));
    const groups = groupByRange(table, "year", 3);
    expect([...groups.keys()]).to.deep.equal(["70", "71 to 72", "73 to 74"]);
    expect([...groups.values()].map((group) => [...numbersOf(group, "year")])).to.deep.equal([
      [70, 70, 70],
      [72, 71, 72, 71],
      [73, 73, 74],
    ]);
    for (let count = 1; count <= 5; count++) {
      const parts = [...groupByRange(table, "year", count).values()];
      expect(parts.length).to.equal(count);
      expect(parts.flatMap((part) => [...numbersOf(part, "year")]).sort()).to.deep.equal([...years].sort());
      expect(parts.every(({ rows }) => rows.length > 0)).to.equal(true);
    }
    expect(thrown(() => groupByRange(table, "year", 6)).message).to.include("6 groups of 5 different values");
    expect(() => groupByRange(table, "year", 0)).to.throw(SampleTableError);
  });

  it("is read from a file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "zkcmp-table-"));
    try {
      const path = join(folder, "cars.csv");
      await writeFile(path, CARS);
      expect((await readSampleTable(path, { columns: ["mpg"] })).rows.length).to.equal(4);
      expect((await rejected(readSampleTable(path))).message).to.include(path);
      expect(await rejected(readSampleTable(join(folder, "none.csv")))).to.be.instanceOf(CsvError);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
