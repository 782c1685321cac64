import { expect } from "chai";
import { countIn, durationOptions, numberIn, rangeIn } from "../../../src/pages/market/form-value.ts";

describe("values of a form", () => {
  it("are whole numbers from 1, below 2^32", () => {
    expect([" 180 ", "1", "4294967295"].map(countIn)).to.deep.equal([180, 1, 4294967295]);
    for (const text of ["", "0", "-1", "1.5", "1e3", "4294967296", "0x10"]) expect(countIn(text), text).to.equal(null);
  });

  it("are positive decimal numbers", () => {
    expect(["0.5", "3", " 2.50 "].map(numberIn)).to.deep.equal([0.5, 3, 2.5]);
    for (const text of ["", "0", "0.0", ".5", "1,5", "-1", "1e3"]) expect(numberIn(text), text).to.equal(null);
  });

  it("are ranges of rows, counted from 1", () => {
    expect(rangeIn("1-200")).to.deep.equal({ first: 1, last: 200 });
    expect(rangeIn(" 7 – 7 ")).to.deep.equal({ first: 7, last: 7 });
    for (const text of ["", "0-3", "5-4", "5", "a-b"]) expect(rangeIn(text), text).to.equal(null);
  });

  it("are spans in words", () => {
    expect(durationOptions([7200, 86_400])).to.deep.equal([
      { value: "7200", label: "2 h" },
      { value: "86400", label: "1 d" },
    ]);
  });
});
