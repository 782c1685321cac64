import { expect } from "chai";
import fc from "fast-check";
import { z } from "zod";
import { checkJson, FileFormatError, formatJson, parseJson } from "../src/json-file.ts";
import { thrown } from "./thrown.ts";

describe("json-file", () => {
  it("formats any JSON value so that it parses to the same", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(formatJson(value))).to.deep.equal(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("writes a row of numbers on one line", () => {
    expect(formatJson({ rows: [[1, 2], [3]], none: [] })).to.equal(
      '{\n  "rows": [\n    [1,2],\n    [3]\n  ],\n  "none": []\n}',
    );
  });

  it("names the field that is wrong", () => {
    const schema = z.strictObject({ a: z.array(z.int()) });
    expect(checkJson({ a: [1] }, "x.json", "a list", schema)).to.deep.equal({ a: [1] });
    expect(thrown(() => checkJson({ a: [1, "2"] }, "x.json", "a list", schema)).message).to.match(
      /^x\.json is not a list: a\.1: /,
    );
  });

  it("quotes nothing of a text that is no JSON: what stands there may be secret", () => {
    expect(parseJson("[1]", "x.json", "a list", z.array(z.int()))).to.deep.equal([1]);
    const error = thrown(() => parseJson('["secret" 1', "x.json", "a list", z.array(z.int())));
    expect(error).to.be.instanceOf(FileFormatError);
    expect(error.message).to.equal("x.json is not valid JSON. Give a list; the file may be cut off");
    expect(thrown(() => parseJson("[true]", "x.json", "a list", z.array(z.int()))).message).to.match(/^x\.json is not/);
  });
});
