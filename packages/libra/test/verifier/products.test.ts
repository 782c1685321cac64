import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import { evaluateForm, known, message } from "@zkcmp/libra/affine-form";
import { extrapolate, lagrangeWeights } from "@zkcmp/libra/interpolation";
import { innerProduct } from "@zkcmp/libra/multilinear";
import { Transcript } from "@zkcmp/libra/transcript";
import { VerifierMessages } from "@zkcmp/libra/verifier/messages";
import { verifyProducts } from "@zkcmp/libra/verifier/products";
import { expect } from "chai";
import { elements } from "../random.ts";

const M = 3;
const CHUNKS = [1, 2].map((byte) => new Uint8Array(32).fill(byte));

/** Plays m products of a_i b_i = c_i and says which of the three linear constraints hold. */
function play(change: (sent: FieldElement[]) => void = () => undefined, shift: readonly [bigint, bigint] = [0n, 0n]) {
  const messages = new VerifierMessages(new Transcript(), CHUNKS);
  messages.receive(3 * M, "factors");
  const a = elements("a", M);
  const b = elements("b", M);
  const sent = [...a, ...b, ...a.map((left, i) => multiply(left, b[i]!))];
  for (let i = 0; i < M; i++) messages.requireProduct(message(i), message(M + i), message(2 * M + i), `product ${i}`);
  const [f, g] = [a, b].map((values, i) => [elements(`mask ${i}`, 1)[0]!, ...values]) as [
    FieldElement[],
    FieldElement[],
  ];
  const beyond = extrapolate(f, M).map((left, i) => multiply(left, extrapolate(g, M)[i]!));
  sent.push(f[0]!, g[0]!, multiply(f[0]!, g[0]!), ...beyond);
  change(sent);
  verifyProducts(new Transcript(), messages, (z) => {
    const weights = lagrangeWeights(M, z);
    return { left: reduce(innerProduct(weights, f) + shift[0]), right: reduce(innerProduct(weights, g) + shift[1]) };
  });
  expect(messages.counts).to.deep.equal([3 * M, M + 3]);
  return messages.zeros.map(({ form }) => evaluateForm(form, sent) === 0n);
}

describe("verifyProducts", () => {
  it("turns products that hold into linear constraints that hold", () => {
    expect(play()).to.deep.equal([true, true, true]);
  });

  it("finds every product and every message of its chunk that is off by anything", () => {
    for (let i = 2 * M; i < 3 * M; i++) {
      expect(
        play((sent) => (sent[i] = reduce(sent[i]! + 1n))),
        `product ${i}`,
      ).to.deep.equal([true, true, false]);
    }
    for (let i = 0; i < 3 * M + M + 3; i++) {
      expect(
        play((sent) => (sent[i] = reduce(sent[i]! + 1n))),
        `message ${i}`,
      ).to.include(false);
    }
  });

  it("finds factors that are not those at the point", () => {
    expect(play(undefined, [1n, 0n])).to.deep.equal([false, true, false]);
    expect(play(undefined, [0n, 1n])).to.deep.equal([true, false, false]);
  });

  it("asks for nothing without products", () => {
    const messages = new VerifierMessages(new Transcript(), []);
    messages.requireZero(known(reduce(0n)), "nothing");
    verifyProducts(new Transcript(), messages, () => expect.fail("nothing to show"));
    expect(messages.zeros.length).to.equal(1);
  });

  it("binds later challenges to the factors shown", () => {
    const challengeAfter = (left: bigint, right: bigint) => {
      const transcript = new Transcript();
      const messages = new VerifierMessages(transcript, CHUNKS);
      messages.requireProduct(known(reduce(1n)), known(reduce(1n)), known(reduce(1n)), "one");
      verifyProducts(transcript, messages, () => ({ left: reduce(left), right: reduce(right) }));
      return transcript.challenge("x");
    };
    expect(new Set([challengeAfter(1n, 2n), challengeAfter(2n, 1n), challengeAfter(1n, 1n)]).size).to.equal(3);
  });
});
