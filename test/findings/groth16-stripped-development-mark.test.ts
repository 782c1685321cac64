import { expect } from "chai";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { endCurve, sharedCurve } from "@zkcmp/groth16/curve";
import { developmentSecrets } from "@zkcmp/groth16/development-key";
import { KeyWithoutContributionError, contributeKey, verifyKey } from "@zkcmp/groth16/phase-two";
import { InvalidTranscriptError } from "@zkcmp/groth16/ceremony";
import { g1ToBytes } from "@zkcmp/groth16/points";
import { readProvingKey } from "@zkcmp/groth16/proving-key";
import { DevelopmentKeyError, checkVerificationKey } from "@zkcmp/groth16/verification-key";
import { isValidProof } from "@zkcmp/groth16/verify";
import { forgeProof, inputSum, invert } from "../../packages/groth16/test/forge.ts";
import { errorOf, proveToy, removeFolder, temporaryFolder } from "../../packages/groth16/test/toy.ts";

// Everyone can compute the secrets of a development key and forge under it: the mark in its file name is for people. A
// seller renames the file, calls it the ceremony's key, and forges. The mark that counts is the key's delta, one fixed
// point that every verifier knows; changing it by a contribution does not help, since the chain then starts nowhere.
describe("finding: a development key without its mark", function () {
  this.timeout(60_000);
  let folder: string;

  before(async () => (folder = await temporaryFolder()));
  after(async () => {
    await removeFolder(folder);
    await endCurve();
  });

  it("lets anyone forge, and is refused under every name", async () => {
    const { circuit, zkey } = await proveToy("mixed", folder);
    const renamed = join(folder, "final.zkey");
    await copyFile(zkey, renamed);
    const { verificationKey } = await readProvingKey(renamed);

    const curve = await sharedCurve();
    const accepted = await checkVerificationKey(verificationKey, { development: true, publicCount: 5 });
    const signals = [1n, 2n, 3n, 4n, 5n]; // 1, 2, 3 are not multiples of 4 by bytes
    const secrets = developmentSecrets();
    const overDelta = invert(secrets.delta);
    const forgery = forgeProof(curve, secrets, {
      generator: curve.G1.timesScalar(curve.G1.g, overDelta),
      inputSum: curve.G1.timesScalar(g1ToBytes(curve, inputSum(curve, accepted, signals)), overDelta),
    });
    expect(await isValidProof(accepted, signals, forgery)).to.equal(true);

    const refusal = await errorOf(checkVerificationKey(verificationKey, { development: false, publicCount: 5 }));
    expect(refusal).to.be.instanceOf(DevelopmentKeyError);
    const files = { r1cs: circuit.r1csPath, ptau: join(folder, "none.ptau"), zkey: renamed };
    expect(await errorOf(verifyKey(files, { key: "00".repeat(64) }))).to.be.instanceOf(KeyWithoutContributionError);

    const contributed = join(folder, "contributed.zkey");
    const own = await contributeKey(renamed, contributed, "buyer");
    const disguised = await errorOf(verifyKey({ ...files, zkey: contributed }, { key: own }));
    expect(disguised).to.be.instanceOf(InvalidTranscriptError);
  });
});
