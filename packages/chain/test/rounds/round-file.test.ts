import { toFieldElement } from "@zkcmp/field/element";
import { FileFormatError } from "@zkcmp/network/json-file";
import { digestEncoding } from "@zkcmp/shapley/sample-encoding";
import { ETHER } from "@zkcmp/sale/order";
import { expect } from "chai";
import { RoundError } from "../../src/rounds/round-error.ts";
import { decodeRoundFile, encodeRoundFile, type RoundFile } from "../../src/rounds/round-file.ts";
import { roundIdOf } from "../../src/rounds/round-terms.ts";
import { ENCODING, SHAPE } from "./fixture.ts";

const place = {
  chainId: 31337,
  rewards: `0x${"a1".repeat(20)}`,
  owner: `0x${"b2".repeat(20)}`,
  terms: {
    token: ETHER,
    validationCommitment: toFieldElement(5n),
    encodingDigest: digestEncoding(ENCODING),
    ridgeBits: 12,
    ...{ registrationUntil: 1000, submissionUntil: 2000, claimUntil: 5_000_000 },
    salt: `0x${"c3".repeat(32)}`,
  },
} as const;

const ROUND: RoundFile = { ...place, roundId: roundIdOf(place), shape: SHAPE, encoding: ENCODING };

describe("a round file", () => {
  it("is read as it was written", () => {
    expect(decodeRoundFile(encodeRoundFile(ROUND), "round.json")).to.deep.equal(ROUND);
  });

  it("is refused if any part was changed that its id hashes", () => {
    const changes: Partial<RoundFile>[] = [
      { chainId: 1 },
      { rewards: place.owner },
      { owner: place.rewards },
      { terms: { ...place.terms, ridgeBits: 13 } },
      { terms: { ...place.terms, claimUntil: 6_000_000 } },
      { terms: { ...place.terms, validationCommitment: toFieldElement(6n) } },
    ];
    for (const change of changes) {
      const text = encodeRoundFile({ ...ROUND, ...change });
      expect(() => decodeRoundFile(text, "round.json"), JSON.stringify(Object.keys(change))).to.throw(RoundError, /id/);
    }
  });

  it("is refused with another encoding, or one that does not fit the circuit", () => {
    const encoding = { ...ENCODING, features: [{ name: "x", offset: 1, scale: 1 }] };
    expect(() => decodeRoundFile(encodeRoundFile({ ...ROUND, encoding }), "round.json")).to.throw(
      RoundError,
      /encoding/,
    );
    const shape = { ...SHAPE, features: 2 };
    expect(() => decodeRoundFile(encodeRoundFile({ ...ROUND, shape }), "round.json")).to.throw(
      RoundError,
      /1 features/,
    );
  });

  it("is refused if it is none", () => {
    for (const text of ["", "{}", "[1]", encodeRoundFile(ROUND).slice(0, -20)]) {
      expect(() => decodeRoundFile(text, "round.json")).to.throw(FileFormatError);
    }
  });
});
