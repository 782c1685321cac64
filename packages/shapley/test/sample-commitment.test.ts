import { type FieldElement, toFieldElement } from "@zkcmp/field/element";
import { poseidon, poseidonSponge } from "@zkcmp/field/poseidon";
import { packDigits } from "@zkcmp/field/packing";
import { DOMAIN } from "@zkcmp/sale/domains";
import { expect } from "chai";
import { commitSamples, commitValidation, contextWord, registryOf, RoundWordError } from "../src/sample-commitment.ts";
import { shapeOf } from "./arbitrary.ts";

describe("sample commitments", () => {
  const shape = shapeOf({ rows: 2, validationRows: 2 });
  const samples = { rows: [Uint16Array.of(3, 4)] };
  const opening = { roundId: 5n, payee: 6n, salt: toFieldElement(7n), samples };

  it("is the sponge of round, payee, salt, count and packed rows", () => {
    const words = packDigits([3, 4, 0, 0], 16);
    const header = [5n, 6n, 7n, 1n].map((word) => toFieldElement(word));
    expect(commitSamples(shape, opening)).to.equal(poseidonSponge([...header, ...words], DOMAIN.samples));
    expect(commitValidation(shape, opening)).to.equal(
      poseidonSponge([...header.slice(2), ...words], DOMAIN.validation),
    );
  });

  it("differs with everything that it binds", () => {
    const commitments = [
      opening,
      { ...opening, roundId: 6n },
      { ...opening, payee: 5n },
      { ...opening, salt: toFieldElement(8n) },
      { ...opening, samples: { rows: [Uint16Array.of(4, 3)] } },
      // The same digits, but the second row is used: its zeros stand for -X.
      { ...opening, samples: { rows: [...samples.rows, Uint16Array.of(0, 0)] } },
    ].map((each) => commitSamples(shape, each));
    expect(new Set(commitments).size).to.equal(commitments.length);
  });

  it("refuses a round or payee of more than 160 bits", () => {
    expect(() => commitSamples(shape, { ...opening, roundId: 1n << 160n })).to.throw(RoundWordError);
    expect(() => commitSamples(shape, { ...opening, payee: -1n })).to.throw(RoundWordError);
  });
});

describe("registry", () => {
  const entry = (payee: bigint, commitment: bigint): { payee: bigint; commitment: FieldElement } => ({
    payee,
    commitment: toFieldElement(commitment),
  });

  it("chains payees and commitments from 0", () => {
    expect(registryOf([])).to.equal(0n);
    const first = poseidon([0n, 1n, 2n].map((word) => toFieldElement(word)));
    expect(registryOf([entry(1n, 2n)])).to.equal(first);
    expect(registryOf([entry(1n, 2n), entry(3n, 4n)])).to.equal(
      poseidon([first, toFieldElement(3n), toFieldElement(4n)]),
    );
  });

  it("differs when two providers swap places or payees", () => {
    const entries = [entry(1n, 2n), entry(3n, 4n)];
    const all = [entries, [...entries].reverse(), [entry(3n, 2n), entry(1n, 4n)]].map(registryOf);
    expect(new Set(all).size).to.equal(3);
  });
});

describe("context", () => {
  it("holds round, number of providers and ridge in bits of their own", () => {
    const context = contextWord((1n << 160n) - 1n, 12, 63);
    expect(context >> 10n).to.equal((1n << 160n) - 1n);
    expect((context >> 6n) & 15n).to.equal(12n);
    expect(context & 63n).to.equal(63n);
  });

  it("refuses what does not fit", () => {
    expect(() => contextWord(1n << 160n, 1, 1)).to.throw(RoundWordError);
    expect(() => contextWord(1n, 16, 1)).to.throw(RoundWordError);
    expect(() => contextWord(1n, 1, 64)).to.throw(RoundWordError);
  });
});
