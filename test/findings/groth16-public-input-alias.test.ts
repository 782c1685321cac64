import { expect } from "chai";
import { FIELD_ORDER } from "@zkcmp/field/element";
import { endCurve, sharedCurve } from "@zkcmp/groth16/curve";
import { SignalNotCanonicalError, checkProof } from "@zkcmp/groth16/verify";
import { CircuitInputError, calculateWitness } from "@zkcmp/groth16/witness-calculator";
import { inputSum } from "../../packages/groth16/test/forge.ts";
import {
  compileToy,
  errorOf,
  proveToy,
  removeFolder,
  temporaryFolder,
  toyInputs,
} from "../../packages/groth16/test/toy.ts";

// A public signal s and s + r multiply a point of the key to the same point, so the pairing equation cannot tell them
// apart. A verifier that checks signals against 2^256 or against q, or not at all, accepts one proof for several
// statements: a nullifier of s + r is a fresh one. On the prover's side, circom's calculators reduce inputs silently.
describe("finding: public input aliases", function () {
  this.timeout(60_000);
  let folder: string;

  before(async () => (folder = await temporaryFolder()));
  after(async () => {
    await removeFolder(folder);
    await endCurve();
  });

  it("name the same statement to the equation, and each is refused", async () => {
    const { key, proof, publicSignals } = await proveToy("mixed", folder);
    const curve = await sharedCurve();
    for (const [i, signal] of publicSignals.entries()) {
      for (let alias: bigint = signal + FIELD_ORDER; alias < 2n ** 256n; alias += FIELD_ORDER) {
        const signals: bigint[] = publicSignals.with(i, alias as never);
        expect(inputSum(curve, key, signals)).to.deep.equal(inputSum(curve, key, publicSignals));
        const refusal = await errorOf(checkProof(key, signals, proof));
        expect(refusal).to.be.instanceOf(SignalNotCanonicalError);
        expect(refusal.message).to.include(`signal ${i} `);
      }
    }
  });

  it("do not get into a witness", async () => {
    const { wasmPath } = await compileToy("mixed");
    const inputs = { ...toyInputs("mixed"), factor: 7n + FIELD_ORDER };
    expect(await errorOf(calculateWitness(wasmPath, inputs))).to.be.instanceOf(CircuitInputError);
  });
});
