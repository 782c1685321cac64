import { FIELD_ORDER, integerToBytes, reduce } from "@zkcmp/field/element";
import { concatBytes } from "@noble/hashes/utils.js";
import { openingSizes } from "@zkcmp/libra/linear-form";
import {
  decodeProof,
  encodeProof,
  type Proof,
  proofBytes,
  type ProofCounts,
  ProofFormatError,
} from "@zkcmp/libra/proof";
import { expect } from "chai";

const COUNTS: ProofCounts = { rows: 3, columns: 64, chunks: 4, messages: 600, products: 2 };
const POINTS = 3 + 4 + 1 + 2;

/** Points are any bytes: decoding does not look at them. */
function example(counts: ProofCounts): Proof {
  const { halvings, rest } = openingSizes(counts.messages, counts.columns);
  let next = 1;
  const point = () => new Uint8Array(32).fill(next++);
  const scalar = () => reduce(BigInt(next++) << 200n);
  return {
    counts,
    rows: concatBytes(...Array.from({ length: counts.rows }, point)),
    chunks: concatBytes(...Array.from({ length: counts.chunks }, point)),
    factors: counts.products === 0 ? null : { left: scalar(), right: scalar() },
    opening: {
      first: point(),
      formValue: scalar(),
      blinding: scalar(),
      halvings: Array.from({ length: halvings }, () => ({ left: point(), right: point() })),
      rest: Array.from({ length: rest }, scalar),
    },
  };
}

describe("proof encoding", () => {
  const encoded = encodeProof(example(COUNTS));

  it("gives back what was encoded, in the bytes foreseen", () => {
    for (const counts of [COUNTS, { ...COUNTS, products: 0 }, { ...COUNTS, messages: 5 }, { ...COUNTS, rows: 0 }]) {
      const bytes = encodeProof(example(counts));
      expect(bytes.length).to.equal(proofBytes(counts));
      const decoded = decodeProof(bytes, counts.rows, counts.columns);
      expect(decoded.counts).to.deep.equal(counts);
      expect(encodeProof(decoded)).to.deep.equal(bytes);
    }
  });

  it("refuses every other length", () => {
    for (let length = 0; length < encoded.length; length += length < encoded.length - 70 ? 31 : 1) {
      expect(() => decodeProof(encoded.slice(0, length), COUNTS.rows, COUNTS.columns)).to.throw(ProofFormatError);
    }
    for (const more of [1, 32, 64, 10_000]) {
      const longer = Buffer.concat([encoded, new Uint8Array(more)]);
      expect(() => decodeProof(longer, COUNTS.rows, COUNTS.columns)).to.throw(ProofFormatError);
    }
    expect(() => decodeProof(encoded, COUNTS.rows + 1, COUNTS.columns)).to.throw(ProofFormatError);
    expect(() => decodeProof(encoded, COUNTS.rows, 2 * COUNTS.columns)).to.throw(ProofFormatError);
  });

  it("refuses another beginning or version", () => {
    for (let i = 0; i < 4; i++) {
      expect(() => decodeProof(encoded.with(i, encoded[i]! ^ 1), COUNTS.rows, COUNTS.columns)).to.throw(
        ProofFormatError,
      );
    }
  });

  it("takes no memory for counts that the length does not bear out", () => {
    const boastful = Uint8Array.from(encoded).fill(0xff, 4, 16);
    expect(() => decodeProof(boastful, COUNTS.rows, COUNTS.columns)).to.throw(ProofFormatError, "bytes in place of");
  });

  it("refuses every scalar of r or above", () => {
    const scalars = (encoded.length - 16) / 32 - POINTS;
    expect(scalars).to.equal(2 + 2 + 332);
    for (let i = 0; i < scalars; i += i < 5 ? 1 : 15) {
      for (const value of [FIELD_ORDER, FIELD_ORDER + 1n, 2n ** 256n - 1n]) {
        const changed = Uint8Array.from(encoded);
        changed.set(integerToBytes(value, 32), 16 + 32 * (POINTS + i));
        expect(() => decodeProof(changed, COUNTS.rows, COUNTS.columns), `scalar ${i}`).to.throw(
          ProofFormatError,
          "not below r",
        );
      }
    }
  });

  it("does not share memory with the bytes it was read from", () => {
    const bytes = Uint8Array.from(encoded);
    const decoded = decodeProof(bytes, COUNTS.rows, COUNTS.columns);
    bytes.fill(0);
    expect(encodeProof(decoded)).to.deep.equal(encoded);
  });
});
