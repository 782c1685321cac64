import { bytesToInteger, FIELD_ORDER, integerToBytes } from "@zkcmp/field/element";
import { createKernels } from "@zkcmp/field/kernels/create-kernels";
import type { Kernels } from "@zkcmp/field/kernels/kernels";
import { BASE_FIELD_ORDER } from "@zkcmp/field/kernels/point-encoding";
import type { Argument } from "@zkcmp/libra/argument";
import { ProofFormatError, ProofRefusedError } from "@zkcmp/libra/proof";
import { proveArgument } from "@zkcmp/libra/prover/argument";
import { verifyArgument, type VerifierProtocol } from "@zkcmp/libra/verifier/argument";
import { expect } from "chai";
import {
  ARGUMENT,
  FILLERS_FOR_A_HALVING,
  ROWS,
  STATEMENT,
  toyProver,
  toyWitness,
  verifyToy,
} from "../argument-fixture.ts";
import { withChunks } from "../more-chunks.ts";

const HEADER = 16;
const toyVerifier: VerifierProtocol = (channel) => verifyToy(channel, FILLERS_FOR_A_HALVING);

describe("verifyArgument", function () {
  this.timeout(60_000);
  let kernels: Kernels;
  let proof: Uint8Array;
  let points: number;
  let words: number;

  before(async () => {
    kernels = await createKernels({ threads: 1 });
    const witness = toyWitness("tampered");
    proof = proveArgument(
      kernels,
      ARGUMENT,
      STATEMENT,
      witness.tables,
      toyProver(witness, FILLERS_FOR_A_HALVING),
      toyVerifier,
    );
    const chunks = new DataView(proof.buffer, proof.byteOffset).getUint32(4);
    words = (proof.length - HEADER) / 32;
    points = ROWS + chunks + 1 + 2;
    // Factors, value, blinding, the rest: one halving happened.
    expect(words - points).to.be.within(2 + 2 + 256, 2 + 2 + 512);
  });
  after(() => kernels.dispose());

  function verify(bytes: Uint8Array, argument = ARGUMENT, statement = STATEMENT, protocol = toyVerifier): void {
    verifyArgument(kernels, argument, statement, bytes, protocol);
  }

  /** The proof with word i replaced by what `change` makes of it. */
  function withWord(i: number, change: (word: bigint) => bigint): Uint8Array {
    const changed = Uint8Array.from(proof);
    const start = HEADER + 32 * i;
    changed.set(integerToBytes(change(bytesToInteger(proof.subarray(start, start + 32))), 32), start);
    return changed;
  }

  function expectRefused(action: () => void, what: string): void {
    let error: unknown = null;
    try {
      action();
    } catch (thrown) {
      error = thrown;
    }
    expect(
      error instanceof ProofFormatError || error instanceof ProofRefusedError,
      `${what}: ${String(error)}`,
    ).to.equal(true);
  }

  it("takes an honest proof, again and again", () => {
    verify(proof);
    verify(proof);
  });

  it("refuses a proof with any scalar changed", () => {
    for (let i = points; i < words; i++) {
      const changed = withWord(i, (word) => (word + 1n) % FIELD_ORDER);
      expect(() => verify(changed), `scalar ${i - points}`).to.throw(ProofRefusedError);
    }
  });

  it("refuses a proof with any point negated, or replaced by another one of the proof", () => {
    for (let i = 0; i < points; i++) {
      const negated = withWord(i, (word) => word ^ (1n << 255n));
      expect(() => verify(negated), `point ${i}`).to.throw(ProofRefusedError);
      const other = bytesToInteger(proof.subarray(HEADER + 32 * ((i + 1) % points)).subarray(0, 32));
      expect(() => verify(withWord(i, () => other)), `point ${i}`).to.throw(ProofRefusedError);
    }
  });

  it("refuses a proof with a single byte changed, anywhere in it", () => {
    for (let i = 0; i < HEADER; i++) expectRefused(() => verify(proof.with(i, proof[i]! ^ 1)), `byte ${i}`);
    // One byte of every point and every seventh scalar, another place in each, so that all 32 places come up.
    for (let i = 0; i < words; i += i < points ? 1 : 7) {
      const place = HEADER + 32 * i + (i % 32);
      expectRefused(() => verify(proof.with(place, proof[place]! ^ (1 << (i % 8)))), `byte ${place}`);
    }
  });

  it("refuses neutral points in the place of any point", () => {
    for (let i = 0; i < points; i++)
      expect(() => verify(withWord(i, () => 0n)), `point ${i}`).to.throw(ProofRefusedError);
  });

  it("refuses points off the curve or in a second encoding, and scalars of r and above", () => {
    for (let i = 0; i < points; i++) {
      // x = 4 has no point on the curve: 67 is no square.
      for (const encoding of [4n, BASE_FIELD_ORDER, BASE_FIELD_ORDER + 1n, 1n << 255n, (1n << 255n) - 1n]) {
        expect(() => verify(withWord(i, () => encoding)), `point ${i}`).to.throw(ProofFormatError, "canonical");
      }
    }
    for (let i = points; i < words; i++) {
      expect(() => verify(withWord(i, (word) => word + FIELD_ORDER)), `scalar ${i - points}`).to.throw(
        ProofFormatError,
        "below r",
      );
    }
  });

  it("refuses what is too short or too long by anything", () => {
    for (const length of [0, 1, HEADER - 1, HEADER, HEADER + 1, proof.length - 32, proof.length - 1]) {
      expect(() => verify(proof.slice(0, length)), `${length} bytes`).to.throw(ProofFormatError);
    }
    for (const more of [1, 32, 64, 1_000_000]) {
      expect(() => verify(Buffer.concat([proof, new Uint8Array(more)])), `${more} more`).to.throw(ProofFormatError);
    }
  });

  it("refuses counts that are not the protocol's, though the length is borne out by them", () => {
    const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const recounted = (chunks: number, messages: number, products: number, bytes = Uint8Array.from(proof)) => {
      view(bytes).setUint32(4, view(bytes).getUint32(4) + chunks);
      view(bytes).setUint32(8, view(bytes).getUint32(8) + messages);
      view(bytes).setUint32(12, view(bytes).getUint32(12) + products);
      return bytes;
    };
    expect(() => verify(recounted(0, 0, 1)), "another product").to.throw(ProofFormatError, "other products");
    expect(() => verify(recounted(0, 1, 0)), "another message").to.throw(ProofFormatError);
    const extra = Buffer.concat([proof.subarray(0, HEADER + 32), proof.subarray(HEADER)]);
    expect(() => verify(recounted(1, 0, 0, Uint8Array.from(extra))), "another chunk").to.throw(
      ProofFormatError,
      "other messages",
    );
    const fewer = Buffer.concat([proof.subarray(0, HEADER), proof.subarray(HEADER + 32)]);
    expect(() => verify(recounted(-1, 0, 0, Uint8Array.from(fewer))), "one chunk less").to.throw(ProofFormatError);
  });

  it("refuses chunks that no protocol took before a point is decompressed, however many there are", () => {
    const watched: Kernels = { ...kernels, decompress: () => expect.fail("nothing is to be decompressed") };
    for (const more of [1, 200_000]) {
      const longer = withChunks(proof, more);
      expect(() => verifyArgument(watched, ARGUMENT, STATEMENT, longer, toyVerifier), `${more} more`).to.throw(
        ProofFormatError,
        "other messages",
      );
    }
  });

  it("refuses what is not bytes", () => {
    for (const nothing of [null, undefined, "proof", [...proof], proof.slice().buffer, new Uint16Array(proof)]) {
      expect(() => verify(nothing as never)).to.throw(ProofFormatError, "Uint8Array");
    }
  });

  it("refuses a proof of another statement, for every byte of it", () => {
    for (let i = 0; i < STATEMENT.length; i++) {
      expect(() => verify(proof, ARGUMENT, STATEMENT.with(i, STATEMENT[i]! ^ 1)), `byte ${i}`).to.throw(
        ProofRefusedError,
      );
    }
    expect(() => verify(proof, ARGUMENT, Uint8Array.of(...STATEMENT, 0))).to.throw(ProofRefusedError);
    expect(() => verify(proof, ARGUMENT, new Uint8Array(0))).to.throw(ProofRefusedError);
  });

  it("refuses a proof for another argument, for every byte of its digest and its name and tables", () => {
    const others: Argument[] = [...ARGUMENT.digest].map((byte, i) => ({
      ...ARGUMENT,
      digest: ARGUMENT.digest.with(i, byte ^ 1),
    }));
    const [bits, mixed, wide] = ARGUMENT.tables as [
      (typeof ARGUMENT.tables)[0],
      (typeof ARGUMENT.tables)[0],
      (typeof ARGUMENT.tables)[0],
    ];
    others.push(
      { ...ARGUMENT, name: "other" },
      { ...ARGUMENT, tables: [{ ...bits, name: "other" }, mixed, wide] },
      { ...ARGUMENT, tables: [{ ...bits, copies: 6 }, mixed, wide] },
      { ...ARGUMENT, tables: [bits, { ...mixed, wide: [1, 2] }, wide] },
    );
    for (const [i, argument] of others.entries()) {
      expect(() => verify(proof, argument), `argument ${i}`).to.throw(ProofRefusedError);
    }
    expect(() => verify(proof, { ...ARGUMENT, tables: [bits, mixed] })).to.throw(ProofFormatError);
  });

  it("refuses a proof by a protocol with one constraint more, or another name of a message", () => {
    const stricter: VerifierProtocol = (channel) => {
      const claims = toyVerifier(channel);
      channel.requireZero(claims[0]!.value, "the first sum is zero");
      return claims;
    };
    expect(() => verify(proof, ARGUMENT, STATEMENT, stricter)).to.throw(ProofRefusedError);
    const renamed: VerifierProtocol = (channel) =>
      toyVerifier({
        receive: (count, name) => channel.receive(count, `${name}!`),
        challenge: (name) => channel.challenge(name),
        requireZero: (form, name) => channel.requireZero(form, name),
        requireProduct: (left, right, product, name) => channel.requireProduct(left, right, product, name),
      });
    expect(() => verify(proof, ARGUMENT, STATEMENT, renamed)).to.throw(ProofRefusedError);
  });
});
