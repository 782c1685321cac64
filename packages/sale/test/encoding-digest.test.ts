import { fitEncoding, imageEncoding } from "@zkcmp/network/encoding";
import { expect } from "chai";
import { encodingDigest } from "../src/encoding-digest.ts";
import { ZERO_DIGEST } from "../src/order.ts";

const encoding = fitEncoding(
  [
    [0, -1],
    [2, 1],
  ],
  8,
);

describe("the digest of an encoding", () => {
  it("has another digest for every other encoding", () => {
    const digests = [
      null,
      encoding,
      { ...encoding, inputBits: 7 },
      { ...encoding, offsets: [0, 0] },
      { ...encoding, scales: [1, 2] },
      imageEncoding(4, 4, { pool: true }),
      imageEncoding(4, 4, { pool: false }),
      imageEncoding(2, 8, { pool: true }),
      { ...encoding, target: { bits: 8, offset: 0, scale: 1 } },
      { ...encoding, target: { bits: 9, offset: 0, scale: 1 } },
      { ...encoding, target: { bits: 8, offset: 1, scale: 1 } },
      { ...encoding, target: { bits: 8, offset: 0, scale: 2 } },
    ].map(encodingDigest);
    expect(new Set(digests).size).to.equal(digests.length);
  });

  it("is zero for none", () => {
    expect(encodingDigest(null)).to.equal(ZERO_DIGEST);
  });
});
