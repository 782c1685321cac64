import { expect } from "chai";
import fc from "fast-check";
import { type Proof, ProofFormatError, decodeProof, encodeProof, proofFromJson, proofToJson } from "../src/proof.ts";

const coordinate = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
const point = fc.record({ x: coordinate, y: coordinate });
const pair = fc.tuple(coordinate, coordinate);
const proofs: fc.Arbitrary<Proof> = fc.record({ a: point, b: fc.record({ x: pair, y: pair }), c: point });

describe("proof", () => {
  it("encodes in the order of the EVM's precompiles", () => {
    const proof: Proof = { a: { x: 1n, y: 2n }, b: { x: [4n, 3n], y: [6n, 5n] }, c: { x: 7n, y: 8n } };
    const words = Buffer.from(encodeProof(proof)).toString("hex").match(/.{64}/g);
    expect(words?.map((word) => BigInt(`0x${word}`))).to.deep.equal([1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]);
  });

  it("decodes what it encodes, and nothing is lost that a verifier must refuse", () => {
    fc.assert(
      fc.property(proofs, (proof) => {
        expect(decodeProof(encodeProof(proof))).to.deep.equal(proof);
        expect(proofFromJson(JSON.parse(JSON.stringify(proofToJson(proof))))).to.deep.equal(proof);
      }),
    );
  });

  it("encodes what it decodes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 256, maxLength: 256 }), (bytes) => {
        expect(Buffer.from(encodeProof(decodeProof(bytes))).equals(bytes)).to.equal(true);
      }),
    );
  });

  it("refuses every other length", () => {
    for (const length of [0, 128, 255, 257, 512]) {
      expect(() => decodeProof(new Uint8Array(length))).to.throw(ProofFormatError, `${length} bytes`);
    }
  });

  it("refuses JSON of another form", () => {
    const json = proofToJson({ a: { x: 1n, y: 2n }, b: { x: [4n, 3n], y: [6n, 5n] }, c: { x: 7n, y: 8n } });
    const wrong: unknown[] = [
      null,
      {},
      { ...json, protocol: "plonk" },
      { ...json, curve: "bls12381" },
      { ...json, pi_a: ["1", "2", "0"] },
      { ...json, pi_a: ["1", "2"] },
      { ...json, pi_a: ["1", "-2", "1"] },
      { ...json, pi_a: ["1", "02", "1"] },
      { ...json, pi_b: [json.pi_b[0], json.pi_b[1], ["0", "1"]] },
      { ...json, pi_c: undefined },
    ];
    for (const value of wrong) expect(() => proofFromJson(value)).to.throw(ProofFormatError);
  });
});
