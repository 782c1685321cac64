import { expect } from "chai";
import { parseSamples, sampleLines } from "../src/encoded-samples.ts";
import { encodeTable, fitSampleEncoding } from "../src/sample-encoding.ts";
import { parseSampleTable, SampleTableError } from "../src/sample-table.ts";

const text = "name,weight,mpg\na,1,10\nb,2,20\nc,3,15\n";
const target = { kind: "regression", name: "mpg" } as const;
const encoding = fitSampleEncoding(parseSampleTable(text), { dataBits: 8, features: ["weight"], target });
const drop = { dropMissing: true };
const keep = { dropMissing: false };

describe("encoded samples", () => {
  it("take the columns that the encoding names, and no others", () => {
    const encoded = parseSamples(text, "rows.csv", encoding, keep);
    expect(encoded).to.deep.equal({ ...encodeTable(encoding, parseSampleTable(text)), dropped: [] });
    expect(() => parseSamples("name,weight\na,1\n", "rows.csv", encoding, keep)).to.throw(SampleTableError, "rows.csv");
  });

  it("leave rows with missing values out where that is asked for, and name their lines", () => {
    const gaps = `${text}d,,12\n`;
    expect(() => parseSamples(gaps, "rows.csv", encoding, keep)).to.throw(SampleTableError, "line 5 (weight)");
    const encoded = parseSamples(gaps, "rows.csv", encoding, drop);
    expect(encoded.dropped).to.deep.equal([5]);
    expect(encoded.samples.rows).to.have.lengthOf(3);
    expect(sampleLines(encoded, "rows.csv").join("\n")).to.contain("3 rows of rows.csv").and.to.contain("line 5.");
  });

  it("do not mind what is missing in columns that nobody needs", () => {
    expect(parseSamples(text.replace("b,", ","), "rows.csv", encoding, keep).samples.rows).to.have.lengthOf(3);
  });

  it("warn where the encoding clips more than a few rows", () => {
    const fine = sampleLines(parseSamples(text, "rows.csv", encoding, keep), "rows.csv").join("\n");
    expect(fine).not.to.contain("clipped:");
    const far = sampleLines(parseSamples("weight,mpg\n900,10\n2,20\n", "rows.csv", encoding, keep), "rows.csv");
    expect(far.at(-1)).to.contain("More than 5 % of a column are clipped");
  });
});
