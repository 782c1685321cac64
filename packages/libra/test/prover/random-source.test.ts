import { FIELD_ORDER } from "@zkcmp/field/element";
import { systemRandomness } from "@zkcmp/libra/prover/random-source";
import { expect } from "chai";
import { deviation } from "../uniformity.ts";

describe("systemRandomness", () => {
  it("is uniform in its low bits and over the whole range", () => {
    const values = systemRandomness.elements(2000);
    expect(values.every((value) => value >= 0n && value < FIELD_ORDER)).to.equal(true);
    expect(Math.abs(deviation(values.map((value) => [value])))).to.be.below(6);
    // 2000 values in 8 equal parts: each part within seven standard deviations of 250.
    const parts = new Array<number>(8).fill(0);
    for (const value of values) parts[Number((value * 8n) / FIELD_ORDER)]! += 1;
    for (const count of parts) expect(count).to.be.within(250 - 7 * 15, 250 + 7 * 15);
  });

  it("does not repeat itself", () => {
    const values = [...systemRandomness.elements(500), ...systemRandomness.elements(500)];
    expect(new Set(values).size).to.equal(1000);
    expect(systemRandomness.elements(0)).to.deep.equal([]);
  });
});
