import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fieldFromBytes, randomFieldElement } from "@zkcmp/field/element";
import { OwnContributionMissingError } from "@zkcmp/groth16/ceremony";
import { endCurve, sharedCurve } from "@zkcmp/groth16/curve";
import { writeKnownKey } from "@zkcmp/groth16/development-key";
import { loadKernels } from "@zkcmp/groth16/kernels";
import {
  OnePartyPhaseOneError,
  UnknownCeremonyError,
  contributePhaseOne,
  newPhaseOne,
  preparePhaseOne,
  verifyPhaseOne,
} from "@zkcmp/groth16/phase-one";
import { readProvingKey } from "@zkcmp/groth16/proving-key";
import { evaluateQap } from "@zkcmp/groth16/qap";
import { readR1cs } from "@zkcmp/groth16/r1cs";
import { checkVerificationKey } from "@zkcmp/groth16/verification-key";
import { isValidProof } from "@zkcmp/groth16/verify";
import { WasmEngine } from "@zkcmp/groth16/wasm-engine";
import { forgeProof, invert } from "../../packages/groth16/test/forge.ts";
import { sectionOf } from "../../packages/groth16/test/section-edit.ts";
import { compileToy, errorOf, removeFolder, temporaryFolder } from "../../packages/groth16/test/toy.ts";

// Whoever knows tau, alpha and beta of phase 1 forges under every key made from it, although the delta of phase 2 is
// unknown to them: the key contains K_s / delta * G for private wires s, and tau, alpha, beta give the scalar K_s. So
// 1/delta * G is known, and with it a proof of anything. The other party's contribution to phase 2 does not help.
describe("finding: a phase 1 of one party", function () {
  this.timeout(60_000);
  let folder: string;

  before(async () => (folder = await temporaryFolder()));
  after(async () => {
    await removeFolder(folder);
    await endCurve();
  });

  it("lets that party forge under a delta it does not know", async () => {
    const r1cs = await readR1cs((await compileToy("mixed")).r1csPath);
    const known = { tau: randomFieldElement(), alpha: randomFieldElement(), beta: randomFieldElement() };
    const zkey = join(folder, "final.zkey");
    await writeKnownKey(r1cs, zkey, { ...known, delta: randomFieldElement() });
    const { verificationKey } = await readProvingKey(zkey);
    const key = await checkVerificationKey(verificationKey, { development: false, publicCount: 5 });

    const { k } = evaluateQap(new WasmEngine((await loadKernels()).kernels), r1cs, { ...known, delta: 1n });
    const scalar = (wire: number): bigint =>
      fieldFromBytes(Uint8Array.from(k.subarray(32 * wire, 32 * wire + 32)).reverse());
    const privateWire = 6;
    const curve = await sharedCurve();
    const quotient = sectionOf(await readFile(zkey), 8).subarray(0, 64); // K_6 / delta * G
    const overDelta = curve.G1.timesScalar(new Uint8Array(quotient), invert(scalar(privateWire)));

    const signals = [1n, 2n, 3n, 4n, 5n]; // no private words fit these products
    const sum = signals.reduce((total, signal, i) => total + signal * scalar(i + 1), scalar(0));
    const inputs = curve.G1.timesScalar(
      overDelta,
      fieldFromBytes(Buffer.from(sum.toString(16).padStart(130, "0"), "hex")),
    );
    const forgery = forgeProof(curve, known, { generator: overDelta, inputSum: inputs });
    expect(await isValidProof(key, signals, forgery)).to.equal(true);
  });

  it("is refused by both parties", async () => {
    const path = (name: string) => join(folder, name);
    await newPhaseOne(path("0.ptau"), 2);
    const seller = await contributePhaseOne(path("0.ptau"), path("1.ptau"), "seller");
    await preparePhaseOne(path("1.ptau"), path("final.ptau"));
    expect(await errorOf(verifyPhaseOne(path("final.ptau"), seller))).to.be.instanceOf(OnePartyPhaseOneError);
    expect(await errorOf(verifyPhaseOne(path("final.ptau"), "00".repeat(32)))).to.be.instanceOf(
      OwnContributionMissingError,
    );
    expect(await errorOf(verifyPhaseOne(path("final.ptau")))).to.be.instanceOf(UnknownCeremonyError);
  });
});
