import { expect } from "chai";
import { FIELD_ORDER } from "@zkcmp/field/element";
import { endCurve } from "@zkcmp/groth16/curve";
import { PointAtInfinityError } from "@zkcmp/groth16/points";
import { proofToJson } from "@zkcmp/groth16/proof";
import { prove } from "@zkcmp/groth16/prove";
import {
  EqualInputPointsError,
  type VerificationKey,
  checkVerificationKey,
  verificationKeyToJson,
} from "@zkcmp/groth16/verification-key";
import { calculateWitness } from "@zkcmp/groth16/witness-calculator";
import * as snarkjs from "snarkjs";
import { errorOf, proveToy, removeFolder, temporaryFolder, toyInputs } from "../../packages/groth16/test/toy.ts";

// If the key's point for a public signal is the point at infinity, the signal does not enter the equation, and a proof is
// a proof for every value of it: of another deal id, of another buyer. With one point for two signals, only their sum is
// bound. A verification key that a seller hands over looks no different to a verifier that does not look at its points.
describe("finding: an input point at infinity", function () {
  this.timeout(60_000);
  let folder: string;

  before(async () => (folder = await temporaryFolder()));
  after(async () => {
    await removeFolder(folder);
    await endCurve();
  });

  it("unbinds a public signal, and so do two equal points; both keys are refused", async () => {
    const { circuit, zkey, key } = await proveToy("mixed", folder);
    const witness = await calculateWitness(circuit.wasmPath, { ...toyInputs("mixed"), factor: 0n, unused: 0n });
    const { proof, publicSignals } = await prove(zkey, witness);
    const accepts = (candidate: VerificationKey, signals: readonly bigint[]) =>
      snarkjs.groth16.verify(verificationKeyToJson(candidate), signals.map(String), proofToJson(proof));
    const check = (candidate: VerificationKey) =>
      errorOf(checkVerificationKey(candidate, { development: true, publicCount: 5 }));

    const unbound = { ...key, ic: key.ic.with(5, { x: 0n, y: 0n }) };
    for (const value of [0n, 1n, 999n]) {
      expect(await accepts(unbound, publicSignals.with(4, value as never))).to.equal(true);
    }
    expect(await accepts(key, publicSignals.with(4, 1n as never))).to.equal(false);
    const refusal = await check(unbound);
    expect(refusal).to.be.instanceOf(PointAtInfinityError);
    expect(refusal).to.have.property("point", "IC[5]");

    const twins = { ...key, ic: key.ic.with(5, key.ic[4] as VerificationKey["alpha"]) };
    expect(await accepts(twins, publicSignals.slice(0, 3).concat([5n as never, (FIELD_ORDER - 5n) as never]))).to.equal(
      true,
    );
    expect(await check(twins)).to.be.instanceOf(EqualInputPointsError);
  });
});
