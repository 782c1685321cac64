import { expect } from "chai";
import { join } from "node:path";
import * as snarkjs from "snarkjs";
import { endCurve, sharedCurve } from "@zkcmp/groth16/curve";
import { contributePhaseOne, newPhaseOne, preparePhaseOne } from "@zkcmp/groth16/phase-one";
import { KeyWithoutContributionError, contributeKey, newKey, verifyKey } from "@zkcmp/groth16/phase-two";
import { negateG1 } from "@zkcmp/groth16/points";
import { proofToJson } from "@zkcmp/groth16/proof";
import { readProvingKey } from "@zkcmp/groth16/proving-key";
import { DeltaEqualsGammaError, checkVerificationKey, verificationKeyToJson } from "@zkcmp/groth16/verification-key";
import { inputSum } from "../../packages/groth16/test/forge.ts";
import { compileToy, errorOf, removeFolder, temporaryFolder } from "../../packages/groth16/test/toy.ts";

// A fresh proving key has delta = gamma until somebody contributes to its phase 2. The verification equation then reads
// e(A, B) = e(alpha, beta) e(inputs + C, gamma), so A = alpha, B = beta and C = -inputs, all of them read off the
// verification key, prove every statement. snarkjs verifies with such a key without a word.
describe("finding: a key without contribution", function () {
  this.timeout(60_000);
  let folder: string;

  before(async () => (folder = await temporaryFolder()));
  after(async () => {
    await removeFolder(folder);
    await endCurve();
  });

  it("lets anyone prove anything, and is refused", async () => {
    const path = (name: string) => join(folder, name);
    const { r1csPath: r1cs } = await compileToy("cubic");
    await newPhaseOne(path("0.ptau"), 2);
    await contributePhaseOne(path("0.ptau"), path("1.ptau"), "seller");
    const phaseOne = await contributePhaseOne(path("1.ptau"), path("2.ptau"), "buyer");
    await preparePhaseOne(path("2.ptau"), path("final.ptau"));
    const files = { r1cs, ptau: path("final.ptau"), zkey: path("0.zkey") };
    await newKey(files);

    const { verificationKey: key } = await readProvingKey(files.zkey);
    const signals = [424242n]; // no x is known with x^3 + x + 5 = 424242
    const forgery = { a: key.alpha, b: key.beta, c: negateG1(inputSum(await sharedCurve(), key, signals)) };
    const accepts = (candidate: typeof key) =>
      snarkjs.groth16.verify(verificationKeyToJson(candidate), signals.map(String), proofToJson(forgery));
    expect(await accepts(key)).to.equal(true);

    for (const development of [false, true]) {
      const refusal = await errorOf(checkVerificationKey(key, { development, publicCount: 1 }));
      expect(refusal).to.be.instanceOf(DeltaEqualsGammaError);
    }
    const own = await contributeKey(path("0.zkey"), path("1.zkey"), "buyer");
    expect(await errorOf(verifyKey(files, { key: own, phaseOne }))).to.be.instanceOf(KeyWithoutContributionError);
    expect(await accepts((await readProvingKey(path("1.zkey"))).verificationKey)).to.equal(false);
  });
});
