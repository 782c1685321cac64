import { expect } from "chai";
import fc from "fast-check";
import { type CsvOptions, parseCsv, readCsv, type Table, parseTargetCsv } from "../src/csv.ts";
import { rejected, thrown } from "./thrown.ts";

function plain(table: Table): unknown {
  return { ...table, rows: table.rows.map((row) => [...row]), labels: [...table.labels] };
}

describe("csv", () => {
  it("reads numbers and integer labels without a header", () => {
    expect(plain(parseCsv("1.5,-2e1,0\n.5,+3,1\n"))).to.deep.equal({
      featureNames: null,
      rows: [
        [1.5, -20],
        [0.5, 3],
      ],
      labels: [0, 1],
      classNames: ["0", "1"],
    });
  });

  it("reads a header, names as labels, quotes, spaces, CRLF and a byte order mark", () => {
    const table = parseCsv('\uFEFFwidth, "height",species\r\n1,2,"owl, ""small"""\r\n3 , 4,bat\r\n\r\n');
    expect(plain(table)).to.deep.equal({
      featureNames: ["width", "height"],
      rows: [
        [1, 2],
        [3, 4],
      ],
      labels: [1, 0],
      classNames: ["bat", 'owl, "small"'],
    });
  });

  it("takes the label column by name", () => {
    const table = parseCsv("kind,a,b\n2,5,6\n1,7,8\n", { label: "kind" });
    expect(plain(table)).to.deep.equal({
      featureNames: ["a", "b"],
      rows: [
        [5, 6],
        [7, 8],
      ],
      labels: [1, 0],
      classNames: ["1", "2"],
    });
    expect(thrown(() => parseCsv("kind,a\n2,5\n", { label: "sort" })).message).to.match(/no column "sort".*kind, a/);
  });

  it("orders integer labels by value", () => {
    expect(parseCsv("0,10\n0,-1\n0,9\n").classNames).to.deep.equal(["-1", "9", "10"]);
  });

  it("takes the classes that are given, in their order", () => {
    const options = { classNames: ["b", "a", "c"] };
    expect([...parseCsv("1,a\n2,b\n", options).labels]).to.deep.equal([1, 0]);
    expect(thrown(() => parseCsv("1,a\n2,d\n", options)).message).to.match(
      /line 2, column 2: the label "d" is not one/,
    );
  });

  it("takes another separator", () => {
    expect(parseCsv("1;2;0\n", { separator: ";" }).rows.map((row) => [...row])).to.deep.equal([[1, 2]]);
  });

  const refused: [what: string, text: string, message: RegExp, options?: CsvOptions][] = [
    ["an empty file", "", /is empty/],
    ["blank lines only", "\n \n", /is empty/],
    ["a header alone", "a,b,c\n", /header and no rows/],
    ["one column", "1\n2\n", /one column/],
    ["a ragged line", "1,2,0\n1,0\n", /line 2: 2 columns, the first line has 3/],
    ["a long line", "a,b\n1,2\n1,2,3\n", /line 3: 3 columns/],
    ["a word", "1,2,0\n1,two,0\n", /line 2, column 2: "two" is not a number/],
    ["a word under a header", "a,b,c\n1,two,0\n", /line 2, column 2 \(b\): "two" is not a number/],
    ["a half-numeric first line", "1,two,0\n1,2,0\n", /line 1, column 2: "two" is not a number/],
    ["a hexadecimal number", "0x10,0\n", /is empty|header|not a number/],
    ["an infinite number", "1,0\n1e999,0\n", /line 2, column 1: "1e999" is not a number/],
    ["a missing value", "1,2,0\n1,,0\n", /line 2, column 2: the value is missing/],
    ["a question mark", "1,2,0\n1,?,0\n", /line 2, column 2: the value is missing/],
    ["NaN", "1,2,0\n1,NaN,0\n", /line 2, column 2: the value is missing/],
    ["a missing first line", ",,0\n1,2,0\n", /line 1, column 1: the value is missing/],
    ["a missing label", "1,2,0\n1,2,\n", /line 2, column 3: the value is missing/],
    ["a fractional label", "1,2,0\n1,2,0.5\n", /line 2, column 3: the label 0.5 is not an integer/],
    ["a blank line inside", "1,0\n\n1,0\n", /line 2 is blank/],
    ["an open quote", '1,0\n"1,0\n', /line 2: a quote is not closed/],
  ];
  for (const [what, text, message, options] of refused) {
    it(`refuses ${what}`, () => {
      expect(thrown(() => parseCsv(text, { name: "a.csv", ...options })).message).to.match(message);
    });
  }

  it("comes back from any table that is written", () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    const tables = fc.array(fc.tuple(number, number, fc.integer({ min: 0, max: 3 })), { minLength: 1 });
    fc.assert(
      fc.property(tables, fc.boolean(), (rows, hasHeader) => {
        const text = (hasHeader ? "a,b,c\n" : "") + rows.map((row) => row.join(",")).join("\n");
        const table = parseCsv(text, { classNames: ["0", "1", "2", "3"] });
        expect(table.rows.map((row) => [...row])).to.deep.equal(rows.map(([a, b]) => [a + 0, b + 0]));
        expect([...table.labels]).to.deep.equal(rows.map(([, , label]) => label));
      }),
    );
  });

  it("gives a table or one of our errors for any text", () => {
    const piece = fc.constantFrom("1", "-2.5", ",", ",", "\n", '"', "a", "?", " ", "e", "\r", ";");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join("");
        let table: Table | undefined;
        try {
          table = parseCsv(text);
        } catch (error) {
          expect((error as Error).name).to.equal("CsvError");
        }
        if (table !== undefined) expect(table.rows.length).to.equal(table.labels.length);
      }),
      { numRuns: 1000 },
    );
  });

  it("gives a table or one of our errors for a file cut off at every byte", () => {
    const text = 'a,b,species\n5.1,3.5,owl\n4.9,3.0,"bat"\n';
    for (let length = 0; length < text.length; length++) {
      try {
        expect(parseCsv(text.slice(0, length)).labels.length).to.be.greaterThan(0);
      } catch (error) {
        expect((error as Error).name).to.equal("CsvError");
      }
    }
  });

  it("reads real-valued targets by the same rules", () => {
    const table = parseTargetCsv("weight,mpg,power\n3504,18.5,130\n3693,-1e1,165\n", { label: "mpg" });
    expect(table.featureNames).to.deep.equal(["weight", "power"]);
    expect(table.rows.map((row) => [...row])).to.deep.equal([
      [3504, 130],
      [3693, 165],
    ]);
    expect([...table.targets]).to.deep.equal([18.5, -10]);
    expect(thrown(() => parseTargetCsv("weight,mpg\n1,2\n3,?\n")).message).to.contain("line 3, column 2 (mpg)");
    expect(thrown(() => parseTargetCsv("weight,mpg\n1,2\n3,many\n")).message).to.contain('"many" is not a number');
  });

  it("names a file that cannot be read", async () => {
    expect((await rejected(readCsv("/nowhere/a.csv"))).message).to.match(/Cannot read \/nowhere\/a\.csv/);
  });
});
