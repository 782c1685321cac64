import { expect } from "chai";
import { priorsLine } from "../src/round-lines.ts";

describe("what is said of a round", () => {
  it("names the shares that a classifier leaves out", () => {
    const line = priorsLine({ sick: 0.1, well: 0.9 });
    expect(line).to.include("sick 10.00 %, well 90.00 %").and.include("does not add these shares back");
  });
});
