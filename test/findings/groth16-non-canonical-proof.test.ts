import { expect } from "chai";
import * as snarkjs from "snarkjs";
import { endCurve } from "@zkcmp/groth16/curve";
import { BASE_FIELD_ORDER, PointNotCanonicalError } from "@zkcmp/groth16/points";
import { decodeProof, encodeProof, proofToJson } from "@zkcmp/groth16/proof";
import { verificationKeyToJson } from "@zkcmp/groth16/verification-key";
import { checkProof } from "@zkcmp/groth16/verify";
import { errorOf, proveToy, removeFolder, temporaryFolder } from "../../packages/groth16/test/toy.ts";

// A coordinate y and y + q name the same point wherever coordinates are reduced. snarkjs reduces, and the verifier
// contract that it generates computes q - y in 256 bits, so four values of q and above pass for A.y. Whoever takes the
// bytes of a proof for its identity (a nullifier, a "used" list) can be shown one proof twice.
describe("finding: a proof in several encodings", function () {
  this.timeout(60_000);
  let folder: string;

  before(async () => (folder = await temporaryFolder()));
  after(async () => {
    await removeFolder(folder);
    await endCurve();
  });

  it("is taken by snarkjs and refused here, in every coordinate and every encoding that 256 bits leave room for", async () => {
    const { key, proof, publicSignals } = await proveToy("cubic", folder);
    const alias = { ...proof, a: { x: proof.a.x, y: proof.a.y + BASE_FIELD_ORDER } };
    const signals = publicSignals.map(String);
    expect(await snarkjs.groth16.verify(verificationKeyToJson(key), signals, proofToJson(alias))).to.equal(true);

    const bytes = encodeProof(proof);
    let encodings = 0;
    for (let word = 0; word < 8; word++) {
      const value = BigInt(`0x${Buffer.from(bytes.subarray(32 * word, 32 * word + 32)).toString("hex")}`);
      const wrapped = (value + 2n ** 256n) % BASE_FIELD_ORDER; // what q - y in 256 bits takes for y
      const candidates = [value, wrapped].flatMap((start) =>
        [1n, 2n, 3n, 4n, 5n].map((k) => start + k * BASE_FIELD_ORDER),
      );
      for (const candidate of candidates.filter((number) => number < 2n ** 256n)) {
        const changed = Uint8Array.from(bytes);
        changed.set(Buffer.from(candidate.toString(16).padStart(64, "0"), "hex"), 32 * word);
        const refusal = await errorOf(checkProof(key, publicSignals, decodeProof(changed)));
        expect(refusal, `word ${word}`).to.be.instanceOf(PointNotCanonicalError);
        encodings++;
      }
    }
    expect(encodings).to.be.at.least(8 * 8);
  });
});
