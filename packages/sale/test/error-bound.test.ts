import { expect } from "chai";
import { errorBoundOf, rmseOf } from "../src/error-bound.ts";

describe("error bound", () => {
  it("is the sum of squares that a root mean square in real units stands for, rounded down", () => {
    expect(errorBoundOf(3, 10, 1)).to.equal(90n);
    expect(errorBoundOf(3.5, 24, 4)).to.equal(4704n);
    expect(errorBoundOf(0.1, 10, 1)).to.equal(0n);
    expect(errorBoundOf(1.999, 1, 1)).to.equal(3n);
  });

  it("reads back as the root mean square that it allows", () => {
    expect(rmseOf(90n, 10, 1)).to.equal(3);
    expect(rmseOf(4704n, 24, 4)).to.equal(3.5);
  });
});
