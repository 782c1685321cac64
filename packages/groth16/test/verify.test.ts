import { expect } from "chai";
import * as snarkjs from "snarkjs";
import { FIELD_ORDER } from "@zkcmp/field/element";
import { endCurve, sharedCurve } from "../src/curve.ts";
import {
  BASE_FIELD_ORDER,
  PointAtInfinityError,
  PointError,
  PointNotCanonicalError,
  PointNotInSubgroupError,
  PointNotOnCurveError,
  g1FromBytes,
  g2FromBytes,
  negateG1,
  negateG2,
} from "../src/points.ts";
import { type Proof, decodeProof, encodeProof, proofToJson } from "../src/proof.ts";
import { type VerificationKey, checkVerificationKey, verificationKeyToJson } from "../src/verification-key.ts";
import {
  PairingError,
  ProofRefusedError,
  SignalCountError,
  SignalNotCanonicalError,
  checkProof,
  isValidProof,
} from "../src/verify.ts";
import {
  TWIST_POINT_OUTSIDE_SUBGROUP,
  type ToyProof,
  errorOf,
  proveToy,
  removeFolder,
  temporaryFolder,
} from "./toy.ts";

describe("verify", function () {
  this.timeout(60_000);
  let folder: string;
  let toy: ToyProof;

  before(async () => {
    folder = await temporaryFolder();
    toy = await proveToy("mixed", folder);
  });
  after(async () => {
    await removeFolder(folder);
    await endCurve();
  });

  const refusal = (proof: Proof, signals: readonly bigint[] = toy.publicSignals, key = toy.key) =>
    errorOf(checkProof(key, signals, proof));

  it("accepts a valid proof, as snarkjs does", async () => {
    await checkProof(toy.key, toy.publicSignals, toy.proof);
    expect(await isValidProof(toy.key, toy.publicSignals, toy.proof)).to.equal(true);
    const signals = toy.publicSignals.map(String);
    expect(await snarkjs.groth16.verify(verificationKeyToJson(toy.key), signals, proofToJson(toy.proof))).to.equal(
      true,
    );
  });

  it("accepts a proof of a circuit with one public signal", async () => {
    const cubic = await proveToy("cubic", folder);
    await checkProof(cubic.key, cubic.publicSignals, cubic.proof);
    expect(await refusal(cubic.proof)).to.be.instanceOf(PairingError);
  });

  it("refuses every public signal changed by one, by r, or made negative", async () => {
    for (const [i, signal] of toy.publicSignals.entries()) {
      const changed = (value: bigint) => refusal(toy.proof, toy.publicSignals.with(i, value as never));
      expect(await changed((signal + 1n) % FIELD_ORDER), `signal ${i}`).to.be.instanceOf(PairingError);
      for (const alias of [signal + FIELD_ORDER, signal - FIELD_ORDER, signal + 2n ** 256n]) {
        const error = await changed(alias);
        expect(error).to.be.instanceOf(SignalNotCanonicalError);
        expect(error.message).to.include(`signal ${i} `);
      }
    }
  });

  it("refuses signals missing, added or swapped", async () => {
    expect(await refusal(toy.proof, toy.publicSignals.slice(1))).to.be.instanceOf(SignalCountError);
    expect(await refusal(toy.proof, [...toy.publicSignals, 0n])).to.be.instanceOf(SignalCountError);
    expect(await refusal(toy.proof, [...toy.publicSignals].reverse())).to.be.instanceOf(PairingError);
  });

  it("refuses every bit of the proof turned over", async () => {
    const bytes = encodeProof(toy.proof);
    for (let bit = 0; bit < 8 * bytes.length; bit += 13) {
      const changed = Uint8Array.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(await isValidProof(toy.key, toy.publicSignals, decodeProof(changed)), `bit ${bit}`).to.equal(false);
    }
  });

  it("refuses every coordinate changed by one and every second encoding of it", async () => {
    const bytes = encodeProof(toy.proof);
    for (let word = 0; word < 8; word++) {
      const value = BigInt(`0x${Buffer.from(bytes.subarray(32 * word, 32 * word + 32)).toString("hex")}`);
      const encode = (changed: bigint) => {
        const copy = Uint8Array.from(bytes);
        copy.set(Buffer.from(changed.toString(16).padStart(64, "0"), "hex"), 32 * word);
        return decodeProof(copy);
      };
      expect(await refusal(encode((value + 1n) % BASE_FIELD_ORDER)), `word ${word}`).to.be.instanceOf(
        PointNotOnCurveError,
      );
      for (let alias = value + BASE_FIELD_ORDER; alias < 2n ** 256n; alias += BASE_FIELD_ORDER) {
        expect(await refusal(encode(alias)), `word ${word}`).to.be.instanceOf(PointNotCanonicalError);
      }
    }
  });

  it("refuses other points: negated, exchanged, infinite, outside the subgroup", async () => {
    const { a, b, c } = toy.proof;
    expect(await refusal({ a: negateG1(a), b, c })).to.be.instanceOf(PairingError);
    expect(await refusal({ a, b: negateG2(b), c })).to.be.instanceOf(PairingError);
    expect(await refusal({ a, b, c: negateG1(c) })).to.be.instanceOf(PairingError);
    expect(await refusal({ a: c, b, c: a })).to.be.instanceOf(PairingError);
    const infinity = { x: 0n, y: 0n };
    expect(await refusal({ a: infinity, b, c })).to.be.instanceOf(PointAtInfinityError);
    expect(await refusal({ a, b: { x: [0n, 0n], y: [0n, 0n] }, c })).to.be.instanceOf(PointAtInfinityError);
    expect(await refusal({ a, b, c: infinity })).to.be.instanceOf(PointAtInfinityError);
    expect(await refusal({ a, b: TWIST_POINT_OUTSIDE_SUBGROUP, c })).to.be.instanceOf(PointNotInSubgroupError);
    expect(await refusal({ a, b: { x: [b.x[1], b.x[0]], y: [b.y[1], b.y[0]] }, c })).to.be.instanceOf(
      PointNotOnCurveError,
    );
  });

  it("tells that the point (-A, -B) is a proof too, so that nobody keys anything on a proof's bytes", async () => {
    const { a, b, c } = toy.proof;
    await checkProof(toy.key, toy.publicSignals, { a: negateG1(a), b: negateG2(b), c });
  });

  it("refuses the proof under a key with any one point changed", async () => {
    const curve = await sharedCurve();
    const one = g1FromBytes(curve, curve.G1.toAffine(curve.G1.timesScalar(curve.G1.g, 5n)));
    const two = g2FromBytes(curve, curve.G2.toAffine(curve.G2.timesScalar(curve.G2.g, 5n)));
    const variants: VerificationKey[] = [
      { ...toy.key, alpha: one },
      { ...toy.key, beta: two },
      { ...toy.key, delta: two },
      ...toy.key.ic.map((_, i) => ({ ...toy.key, ic: toy.key.ic.with(i, one) })),
    ];
    for (const [i, variant] of variants.entries()) {
      const key = await checkVerificationKey(variant, { development: true, publicCount: 5 });
      expect(await refusal(toy.proof, toy.publicSignals, key), `variant ${i}`).to.be.instanceOf(PairingError);
    }
  });

  it("has one root for its refusals and does not swallow other errors", async () => {
    const error = await refusal(toy.proof, []);
    expect(error).to.be.instanceOf(ProofRefusedError);
    expect(error).to.not.be.instanceOf(PointError);
    const broken = { ...toy.proof, a: undefined } as unknown as Proof;
    expect(await errorOf(isValidProof(toy.key, toy.publicSignals, broken))).to.be.instanceOf(TypeError);
  });
});
