import { ErrorBoundError, ThresholdError } from "@zkcmp/sale/witness-check";
import { expect } from "chai";
import { StepError } from "../../src/step-error.ts";
import { packFailure, unpackFailure } from "../../src/worker/proof-failure.ts";

describe("failures of the worker that proves", () => {
  const cross = (thrown: unknown): Error =>
    unpackFailure(structuredClone(packFailure(thrown)), { rows: 24, threshold: 20 });

  it("keep the classes by which refusals are counted, whatever a build makes of their names", () => {
    const renamed = Object.assign(new ThresholdError(24, 20), { name: "a" });
    expect(cross(renamed)).to.be.instanceOf(ThresholdError);
    expect(cross(renamed).message).to.match(/fewer than 20 of the 24 rows/);
    expect(cross(Object.assign(new ErrorBoundError(), { name: "b" }))).to.be.instanceOf(ErrorBoundError);
  });

  it("are no refusal where something else went wrong, whatever it is called", () => {
    const other = cross(Object.assign(new Error("out of memory"), { name: "ThresholdError" }));
    expect(other).to.be.instanceOf(StepError);
    expect(other.message).to.match(/out of memory/);
  });
});
