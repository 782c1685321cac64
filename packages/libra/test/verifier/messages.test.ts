import { reduce } from "@zkcmp/field/element";
import { known, message } from "@zkcmp/libra/affine-form";
import { ProofFormatError } from "@zkcmp/libra/proof";
import { Transcript } from "@zkcmp/libra/transcript";
import { VerifierMessages } from "@zkcmp/libra/verifier/messages";
import { expect } from "chai";

const CHUNKS = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));

describe("VerifierMessages", () => {
  it("numbers messages through all chunks", () => {
    const messages = new VerifierMessages(new Transcript(), CHUNKS);
    expect(messages.receive(2, "a")).to.deep.equal([message(0), message(1)]);
    expect(messages.receive(0, "b")).to.deep.equal([]);
    expect(messages.receive(1, "c")).to.deep.equal([message(2)]);
    expect(messages.counts).to.deep.equal([2, 0, 1]);
    expect(messages.messages).to.equal(3);
  });

  it("binds challenges to the commitment, the count, the name and the order of all chunks received", () => {
    const challengeAfter = (chunks: readonly Uint8Array[], ...received: (readonly [number, string])[]) => {
      const messages = new VerifierMessages(new Transcript(), chunks);
      for (const [count, name] of received) messages.receive(count, name);
      return messages.challenge("x");
    };
    const challenges = [
      challengeAfter(CHUNKS, [2, "a"], [1, "b"]),
      challengeAfter(CHUNKS, [2, "a"]),
      challengeAfter(CHUNKS, [2, "a"], [2, "b"]),
      challengeAfter(CHUNKS, [1, "a"], [2, "b"]),
      challengeAfter(CHUNKS, [2, "a"], [1, "c"]),
      challengeAfter(CHUNKS.with(0, new Uint8Array(32)), [2, "a"], [1, "b"]),
      challengeAfter(CHUNKS.with(1, new Uint8Array(32)), [2, "a"], [1, "b"]),
      challengeAfter([CHUNKS[1]!, CHUNKS[0]!], [2, "a"], [1, "b"]),
    ];
    expect(new Set(challenges).size).to.equal(challenges.length);
    // What is not received yet has no say.
    expect(challengeAfter(CHUNKS.with(2, new Uint8Array(32)), [2, "a"], [1, "b"])).to.equal(challenges[0]);
  });

  it("refuses a proof that has no further chunk", () => {
    const messages = new VerifierMessages(new Transcript(), CHUNKS.slice(0, 1));
    messages.receive(1, "a");
    expect(() => messages.receive(1, "b")).to.throw(ProofFormatError, "b");
  });

  it("keeps constraints in their order", () => {
    const messages = new VerifierMessages(new Transcript(), CHUNKS);
    const [a, b] = messages.receive(2, "a") as [ReturnType<typeof message>, ReturnType<typeof message>];
    messages.requireZero(a, "first");
    messages.requireProduct(a, b, known(reduce(1n)), "second");
    messages.requireZero(b, "third");
    expect(messages.zeros.map(({ name }) => name)).to.deep.equal(["first", "third"]);
    expect(messages.products).to.deep.equal([{ left: a, right: b, product: known(reduce(1n)), name: "second" }]);
  });
});
