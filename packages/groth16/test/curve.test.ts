import { expect } from "chai";
import { endCurve, sharedCurve } from "../src/curve.ts";

describe("curve", () => {
  after(endCurve);

  it("is started once, however many ask at the same time", async () => {
    const curves = await Promise.all([sharedCurve(), sharedCurve(), sharedCurve()]);
    expect(new Set(curves).size).to.equal(1);
    expect((globalThis as { curve_bn128?: unknown }).curve_bn128).to.equal(curves[0]);
  });

  it("starts again after its end", async () => {
    const first = await sharedCurve();
    await endCurve();
    await endCurve();
    const second = await sharedCurve();
    expect(second).to.not.equal(first);
    expect(second.G1.isZero(second.G1.g)).to.equal(false);
  });
});
