import { expect } from "chai";
import { endCurve, sharedCurve } from "../src/curve.ts";
import { DEVELOPMENT_DELTA } from "../src/development-delta.ts";
import {
  BASE_FIELD_ORDER,
  G2_GENERATOR,
  type G1Point,
  type G2Point,
  PointAtInfinityError,
  PointNotCanonicalError,
  PointNotInSubgroupError,
  PointNotOnCurveError,
  g1FromBytes,
  g2FromBytes,
  negateG1,
  negateG2,
} from "../src/points.ts";
import {
  BetaEqualsDeltaError,
  BetaEqualsGammaError,
  DeltaEqualsGammaError,
  DevelopmentKeyError,
  EqualInputPointsError,
  GammaNotGeneratorError,
  PublicCountError,
  type VerificationKey,
  VerificationKeyFormatError,
  checkVerificationKey,
  parseVerificationKey,
  verificationKeyHash,
  verificationKeyToJson,
} from "../src/verification-key.ts";
import { TWIST_POINT_OUTSIDE_SUBGROUP, errorOf, proveToy, removeFolder, temporaryFolder } from "./toy.ts";

describe("verification-key", function () {
  this.timeout(60_000);
  let folder: string;
  /** A well-formed key that is no development key. */
  let good: VerificationKey;
  let development: VerificationKey;
  const options = { development: false, publicCount: 5 };
  const g1 = async (scalar: bigint): Promise<G1Point> => {
    const curve = await sharedCurve();
    return g1FromBytes(curve, curve.G1.toAffine(curve.G1.timesScalar(curve.G1.g, scalar)));
  };
  const g2 = async (scalar: bigint): Promise<G2Point> => {
    const curve = await sharedCurve();
    return g2FromBytes(curve, curve.G2.toAffine(curve.G2.timesScalar(curve.G2.g, scalar)));
  };

  before(async () => {
    folder = await temporaryFolder();
    development = (await proveToy("mixed", folder)).key;
    good = { ...development, delta: await g2(12345n) };
  });
  after(async () => {
    await removeFolder(folder);
    await endCurve();
  });

  const refusal = (key: VerificationKey) => errorOf(checkVerificationKey(key, options));

  it("passes a sound key and freezes a copy of it", async () => {
    const checked = await checkVerificationKey(good, options);
    expect(checked).to.deep.equal(good);
    expect(checked).to.not.equal(good);
    expect(() => ((checked.ic as G1Point[])[0] = checked.alpha)).to.throw(TypeError);
    expect(() => ((checked.ic[0] as { x: bigint }).x = 1n)).to.throw(TypeError);
  });

  it("refuses development keys unless they are asked for", async () => {
    expect(await refusal(development)).to.be.instanceOf(DevelopmentKeyError);
    expect(await refusal({ ...good, delta: negateG2(DEVELOPMENT_DELTA) })).to.be.instanceOf(DevelopmentKeyError);
    expect(await checkVerificationKey(development, { ...options, development: true })).to.deep.equal(development);
  });

  it("refuses delta = gamma and delta = -gamma, also on development chains", async () => {
    for (const delta of [good.gamma, negateG2(good.gamma)]) {
      expect(await refusal({ ...good, delta })).to.be.instanceOf(DeltaEqualsGammaError);
      const accepting = checkVerificationKey({ ...good, delta }, { ...options, development: true });
      expect(await errorOf(accepting)).to.be.instanceOf(DeltaEqualsGammaError);
    }
  });

  it("refuses beta = gamma and beta = delta up to sign, also on development chains", async () => {
    for (const [point, kind] of [
      [good.gamma, BetaEqualsGammaError],
      [good.delta, BetaEqualsDeltaError],
    ] as const) {
      for (const beta of [point, negateG2(point)]) {
        expect(await refusal({ ...good, beta })).to.be.instanceOf(kind);
        const accepting = checkVerificationKey({ ...good, beta }, { ...options, development: true });
        expect(await errorOf(accepting)).to.be.instanceOf(kind);
      }
    }
  });

  it("refuses a gamma that is not the generator", async () => {
    expect(good.gamma).to.deep.equal(G2_GENERATOR);
    expect(await refusal({ ...good, gamma: await g2(2n) })).to.be.instanceOf(GammaNotGeneratorError);
  });

  it("refuses another number of public signals", async () => {
    expect(await refusal({ ...good, ic: good.ic.slice(1) })).to.be.instanceOf(PublicCountError);
    expect(await refusal({ ...good, ic: [...good.ic, await g1(7n)] })).to.be.instanceOf(PublicCountError);
  });

  it("refuses equal and opposite input points", async () => {
    for (const [from, to] of [
      [0, 1],
      [2, 5],
    ] as const) {
      const point = good.ic[from] as G1Point;
      for (const twin of [point, negateG1(point)]) {
        const error = await refusal({ ...good, ic: good.ic.with(to, twin) });
        expect(error).to.be.instanceOf(EqualInputPointsError);
        expect(error.message).to.include(`IC[${from}] and IC[${to}]`);
      }
    }
  });

  it("refuses every point that is infinity, not canonical or not on the curve", async () => {
    const faultsOfG1 = ({ x, y }: G1Point): [G1Point, new (name: string) => Error][] => [
      [{ x: 0n, y: 0n }, PointAtInfinityError],
      [{ x: x + BASE_FIELD_ORDER, y }, PointNotCanonicalError],
      [{ x, y: y + BASE_FIELD_ORDER }, PointNotCanonicalError],
      [{ x, y: y - BASE_FIELD_ORDER }, PointNotCanonicalError],
      [{ x: (x + 1n) % BASE_FIELD_ORDER, y }, PointNotOnCurveError],
      [{ x, y: (y + 1n) % BASE_FIELD_ORDER }, PointNotOnCurveError],
      [{ x: y, y: x }, PointNotOnCurveError],
    ];
    const faultsOfG2 = ({ x, y }: G2Point): [G2Point, new (name: string) => Error][] => [
      [{ x: [0n, 0n], y: [0n, 0n] }, PointAtInfinityError],
      [{ x: [x[0] + BASE_FIELD_ORDER, x[1]], y }, PointNotCanonicalError],
      [{ x: [x[0], x[1] + BASE_FIELD_ORDER], y }, PointNotCanonicalError],
      [{ x, y: [y[0] + BASE_FIELD_ORDER, y[1]] }, PointNotCanonicalError],
      [{ x, y: [y[0], y[1] - BASE_FIELD_ORDER] }, PointNotCanonicalError],
      [{ x: [x[1], x[0]], y }, PointNotOnCurveError],
      [{ x, y: [y[1], y[0]] }, PointNotOnCurveError],
      [TWIST_POINT_OUTSIDE_SUBGROUP, PointNotInSubgroupError],
    ];
    const check = async (key: VerificationKey, name: string, kind: new (name: string) => Error) => {
      const error = await refusal(key);
      expect(error, name).to.be.instanceOf(kind);
      expect(error).to.have.property("point", name);
    };
    for (const [alpha, kind] of faultsOfG1(good.alpha)) await check({ ...good, alpha }, "alpha", kind);
    for (const name of ["beta", "gamma", "delta"] as const) {
      for (const [point, kind] of faultsOfG2(good[name])) await check({ ...good, [name]: point }, name, kind);
    }
    for (const [i, point] of good.ic.entries()) {
      for (const [fault, kind] of faultsOfG1(point))
        await check({ ...good, ic: good.ic.with(i, fault) }, `IC[${i}]`, kind);
    }
  });

  it("reads and writes snarkjs' format", async () => {
    expect(parseVerificationKey(JSON.parse(JSON.stringify(verificationKeyToJson(good))))).to.deep.equal(good);
    const infinite = { ...good, ic: good.ic.with(1, { x: 0n, y: 0n }), beta: { x: [0n, 0n], y: [0n, 0n] } as const };
    expect(parseVerificationKey(verificationKeyToJson(infinite))).to.deep.equal(infinite);
  });

  it("refuses JSON of another form", () => {
    const json = verificationKeyToJson(good);
    const wrong: unknown[] = [
      null,
      [],
      {},
      { ...json, protocol: "plonk" },
      { ...json, curve: "bls12381" },
      { ...json, nPublic: 4 },
      { ...json, IC: json.IC.slice(1) },
      { ...json, vk_alpha_1: json.vk_alpha_1.slice(0, 2) },
      { ...json, vk_alpha_1: ["0x1", "2", "1"] },
      { ...json, vk_alpha_1: ["-1", "2", "1"] },
      { ...json, vk_alpha_1: ["01", "2", "1"] },
      { ...json, vk_alpha_1: ["1", "2", "2"] },
      { ...json, vk_alpha_1: [1, 2, 1] },
      { ...json, vk_delta_2: [...json.vk_delta_2.slice(0, 2), ["1", "1"]] },
    ];
    for (const value of wrong) expect(() => parseVerificationKey(value)).to.throw(VerificationKeyFormatError);
  });

  it("has a hash that depends on every point", async () => {
    const other = await g1(99n);
    const variants: VerificationKey[] = [
      good,
      { ...good, alpha: other },
      { ...good, beta: good.delta },
      { ...good, gamma: good.delta },
      { ...good, delta: good.beta },
      { ...good, beta: good.delta, delta: good.beta },
      ...good.ic.map((_, i) => ({ ...good, ic: good.ic.with(i, other) })),
      { ...good, ic: good.ic.slice(0, -1) },
      { ...good, ic: [...good.ic].reverse() },
    ];
    expect(new Set(variants.map(verificationKeyHash)).size).to.equal(variants.length);
    expect(verificationKeyHash(structuredClone(good))).to.equal(verificationKeyHash(good));
  });
});
