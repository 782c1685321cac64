import { toFieldElement } from "@zkcmp/field/element";
import { FileFormatError } from "@zkcmp/network/json-file";
import { expect } from "chai";
import {
  decodeConsent,
  decodeReceipt,
  encodeConsent,
  encodeDisclosure,
  encodeReceipt,
  encodeRoundProof,
  parseConsent,
  parseDisclosure,
  parseReceipt,
  parseRoundProof,
  proofWords,
} from "../../src/rounds/round-message.ts";

const ROUND = { chainId: 31337, rewards: `0x${"a1".repeat(20)}`, roundId: 77n } as const;
const PAYEE = `0x${"b2".repeat(20)}` as const;
const commitment = toFieldElement(9n);

describe("messages of a round", () => {
  it("are read as they were written", () => {
    const samples = { rows: [Uint16Array.of(1, 2), Uint16Array.of(3, 65_535)] };
    const disclosure = { ...ROUND, payee: PAYEE, salt: toFieldElement(3n), commitment, samples };
    expect(parseDisclosure(JSON.parse(encodeDisclosure(disclosure)), "d")).to.deep.equal(disclosure);
    const receipt = { ...ROUND, payee: PAYEE, commitment, receipt: "0x1234" } as const;
    expect(parseReceipt(JSON.parse(encodeReceipt(receipt)), "r")).to.deep.equal(receipt);
    const content = { payee: PAYEE, commitment, nonce: 2n ** 200n, deadline: 5 };
    const consent = { ...ROUND, consent: content, signature: "0x12", receipt: "0x34" } as const;
    expect(parseConsent(JSON.parse(encodeConsent(consent)), "c")).to.deep.equal(consent);
    const proof = { a: { x: 1n, y: 2n }, b: { x: [3n, 4n], y: [5n, 6n] }, c: { x: 7n, y: 8n } } as const;
    const values = [2n ** 61n - 1n, -(2n ** 61n), 0n];
    const roundProof = { ...ROUND, proof, result: { values, modelCommitment: commitment, loss: commitment } };
    expect(parseRoundProof(JSON.parse(encodeRoundProof(roundProof)), "p")).to.deep.equal(roundProof);
  });

  it("are read from the text of a file, and a cut one is named without its content", () => {
    const receipt = { ...ROUND, payee: PAYEE, commitment, receipt: "0x1234" } as const;
    expect(decodeReceipt(encodeReceipt(receipt), "r")).to.deep.equal(receipt);
    const content = { payee: PAYEE, commitment, nonce: 1n, deadline: 5 };
    const consent = { ...ROUND, consent: content, signature: "0x12", receipt: "0x34" } as const;
    expect(decodeConsent(encodeConsent(consent), "c")).to.deep.equal(consent);
    expect(() => decodeReceipt(encodeReceipt(receipt).slice(0, -9), "r.json")).to.throw(
      FileFormatError,
      /^r\.json is not valid JSON(?!.*1234)/,
    );
    expect(() => decodeConsent(encodeReceipt(receipt), "c.json")).to.throw(FileFormatError, /consent-only/);
  });

  it("hand the proof's words to the contract with the imaginary parts first", () => {
    const proof = { a: { x: 1n, y: 2n }, b: { x: [3n, 4n], y: [5n, 6n] }, c: { x: 7n, y: 8n } } as const;
    expect(proofWords(proof)).to.deep.equal([1n, 2n, 4n, 3n, 6n, 5n, 7n, 8n]);
  });

  it("are refused with values, digits or formats that cannot be, and the error quotes no row", () => {
    const disclosure = { ...ROUND, payee: PAYEE, salt: toFieldElement(3n), commitment, samples: { rows: [] } };
    const json = JSON.parse(encodeDisclosure(disclosure)) as Record<string, unknown>;
    for (const rows of [[[70_000]], [[-1]], [[1.5]], "x"]) {
      expect(() => parseDisclosure({ ...json, rows }, "d")).to.throw(FileFormatError, /^(?!.*70000)/);
    }
    expect(() => parseReceipt(json, "r")).to.throw(FileFormatError, /round accept/);
    const proof = { a: { x: 1n, y: 2n }, b: { x: [3n, 4n], y: [5n, 6n] }, c: { x: 7n, y: 8n } } as const;
    const result = { values: [2n ** 61n], modelCommitment: commitment, loss: commitment };
    expect(() => parseRoundProof(JSON.parse(encodeRoundProof({ ...ROUND, proof, result })), "p")).to.throw(
      FileFormatError,
    );
  });
});
