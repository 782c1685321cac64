import { expect } from "chai";
import fc from "fast-check";
import type { Curve } from "ffjavascript";
import { FIELD_ORDER } from "@zkcmp/field/element";
import { endCurve, sharedCurve } from "../src/curve.ts";
import {
  G2_GENERATOR,
  PointNotInSubgroupError,
  checkG1,
  checkG2,
  g1FromBytes,
  g1ToBytes,
  g2FromBytes,
  g2ToBytes,
  negateG1,
  negateG2,
} from "../src/points.ts";
import { TWIST_POINT_OUTSIDE_SUBGROUP } from "./toy.ts";

describe("points", () => {
  let curve: Curve;
  const scalar = fc.bigInt({ min: 1n, max: FIELD_ORDER - 1n });

  before(async () => (curve = await sharedCurve()));
  after(endCurve);

  it("passes multiples of the generators and converts them to bytes and back", () => {
    fc.assert(
      fc.property(scalar, (k) => {
        const one = curve.G1.toAffine(curve.G1.timesScalar(curve.G1.g, k));
        const two = curve.G2.toAffine(curve.G2.timesScalar(curve.G2.g, k));
        checkG1(g1FromBytes(curve, one), "P");
        checkG2(curve, g2FromBytes(curve, two), "Q");
        expect(g1ToBytes(curve, g1FromBytes(curve, one))).to.deep.equal(one);
        expect(g2ToBytes(curve, g2FromBytes(curve, two))).to.deep.equal(two);
      }),
      { numRuns: 20 },
    );
  });

  it("negates", () => {
    fc.assert(
      fc.property(scalar, (k) => {
        const one = curve.G1.toAffine(curve.G1.timesScalar(curve.G1.g, k));
        const two = curve.G2.toAffine(curve.G2.timesScalar(curve.G2.g, k));
        const minus = FIELD_ORDER - k;
        expect(g1ToBytes(curve, negateG1(g1FromBytes(curve, one)))).to.deep.equal(
          curve.G1.toAffine(curve.G1.timesScalar(curve.G1.g, minus)),
        );
        expect(g2ToBytes(curve, negateG2(g2FromBytes(curve, two)))).to.deep.equal(
          curve.G2.toAffine(curve.G2.timesScalar(curve.G2.g, minus)),
        );
      }),
      { numRuns: 10 },
    );
  });

  it("names the generator of G2", () => {
    expect(g2FromBytes(curve, curve.G2.gAffine)).to.deep.equal(G2_GENERATOR);
  });

  it("finds points of the twist outside the subgroup, also when they hide behind one inside", () => {
    const outside = g2ToBytes(curve, TWIST_POINT_OUTSIDE_SUBGROUP);
    const sum = g2FromBytes(curve, curve.G2.toAffine(curve.G2.add(outside, curve.G2.g)));
    for (const point of [TWIST_POINT_OUTSIDE_SUBGROUP, sum]) {
      expect(() => checkG2(curve, point, "Q")).to.throw(PointNotInSubgroupError);
    }
  });

  it("keeps infinity through the conversions", () => {
    expect(g1FromBytes(curve, new Uint8Array(64))).to.deep.equal({ x: 0n, y: 0n });
    expect(g2FromBytes(curve, new Uint8Array(128))).to.deep.equal({ x: [0n, 0n], y: [0n, 0n] });
    expect(negateG1({ x: 0n, y: 0n })).to.deep.equal({ x: 0n, y: 0n });
  });
});
