import { createHash } from "node:crypto";
import { FIELD_ORDER, fieldFromBytes } from "@zkcmp/field/element";
import { Transcript } from "@zkcmp/libra/transcript";
import { expect } from "chai";
import fc from "fast-check";

type Step = readonly ["absorb", string, Uint8Array] | readonly ["challenge", string];

const label = fc.string({ maxLength: 8 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.constant("absorb" as const), label, fc.uint8Array({ maxLength: 40 })),
  fc.tuple(fc.constant("challenge" as const), label),
);

/** The challenge "last" after a history. */
function after(...steps: Step[]): bigint {
  return play(new Transcript(), steps).challenge("last");
}

function play(transcript: Transcript, steps: readonly Step[]): Transcript {
  for (const [kind, name, message] of steps) {
    if (kind === "absorb") transcript.absorb(name, message);
    else transcript.challenge(name);
  }
  return transcript;
}

const bytes = (...values: number[]) => Uint8Array.from(values);
const text = (value: string) => new TextEncoder().encode(value);

describe("Transcript", () => {
  it("is the chain of SHA-256 that it says it is", () => {
    const sha = (...parts: Uint8Array[]) => Uint8Array.from(createHash("sha256").update(Buffer.concat(parts)).digest());
    let state = sha(text("zkcmp/libra/transcript/v1"));
    state = sha(state, bytes(0, 3), text("abc"), bytes(0, 0, 0, 2), bytes(7, 9));
    const prefix = Buffer.concat([state, bytes(1, 1), text("x")]);
    const first = fieldFromBytes(Buffer.concat([sha(prefix, bytes(0)), sha(prefix, bytes(1))]));
    state = sha(prefix, bytes(2));
    const second = fieldFromBytes(
      Buffer.concat([sha(state, bytes(1, 1), text("x"), bytes(0)), sha(state, bytes(1, 1), text("x"), bytes(1))]),
    );

    const transcript = new Transcript();
    transcript.absorb("abc", bytes(7, 9));
    expect(transcript.challenge("x")).to.equal(first);
    expect(transcript.challenge("x")).to.equal(second);
  });

  it("gives other challenges ever after when any step of the history is another", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), fc.nat(), step, (history, place, other) => {
        const changed = history.with(place % history.length, other);
        fc.pre(JSON.stringify(history) !== JSON.stringify(changed));
        const left = play(new Transcript(), history);
        const right = play(new Transcript(), changed);
        for (let i = 0; i < 3; i++) expect(left.challenge("later")).to.not.equal(right.challenge("later"));
      }),
    );
  });

  it("gives another challenge for every single bit of a message", () => {
    const message = text("a message of a few bytes");
    const seen = new Set([after(["absorb", "m", message])]);
    for (let bit = 0; bit < 8 * message.length; bit++) {
      const changed = message.with(bit >> 3, message[bit >> 3]! ^ (1 << (bit & 7)));
      seen.add(after(["absorb", "m", changed]));
    }
    expect(seen.size).to.equal(8 * message.length + 1);
  });

  it("tells histories apart that are the same bytes in a row", () => {
    const histories: Step[][] = [
      [["absorb", "ab", text("c")]],
      [["absorb", "a", text("bc")]],
      [["absorb", "", text("abc")]],
      [["absorb", "abc", text("")]],
      [
        ["absorb", "abc", text("")],
        ["absorb", "", text("")],
      ],
      [
        ["absorb", "a", text("b")],
        ["absorb", "a", text("c")],
      ],
      [
        ["absorb", "a", text("c")],
        ["absorb", "a", text("b")],
      ],
      // A message that contains the encoding of a further step.
      [["absorb", "a", Buffer.concat([text("b"), bytes(0, 1), text("a"), bytes(0, 0, 0, 1), text("c")])]],
      [["challenge", "abc"]],
      [
        ["challenge", "ab"],
        ["challenge", "c"],
      ],
      [
        ["challenge", "abc"],
        ["challenge", "abc"],
      ],
      [["absorb", "\0\0\0\0", text("")]],
      [["absorb", "", bytes(0, 0, 0, 0)]],
      [],
    ];
    expect(new Set(histories.map((history) => after(...history))).size).to.equal(histories.length);
  });

  it("never draws the same challenge twice, and another for every label", () => {
    const transcript = new Transcript();
    const drawn = Array.from({ length: 20 }, () => transcript.challenge("x"));
    expect(new Set(drawn).size).to.equal(20);
    expect(drawn.every((challenge) => challenge >= 0n && challenge < FIELD_ORDER)).to.equal(true);
    expect(new Transcript().challenge("x")).to.not.equal(new Transcript().challenge("y"));
  });

  it("draws again what lies within a limit", () => {
    const transcript = new (class extends Transcript {
      readonly #coins = [0n, 3n, 4n];
      override challenge() {
        return fieldFromBytes(bytes(Number(this.#coins.shift())));
      }
    })();
    expect(transcript.challengeAbove(3, "z")).to.equal(4n);
  });

  it("copies go their own way", () => {
    const transcript = new Transcript();
    transcript.absorb("a", text("b"));
    const copy = transcript.copy();
    expect(copy.equals(transcript)).to.equal(true);
    copy.absorb("c", text("d"));
    expect(copy.equals(transcript)).to.equal(false);
    expect(copy.challenge("x")).to.not.equal(transcript.challenge("x"));
  });

  it("refuses labels whose length one byte does not hold", () => {
    new Transcript().absorb("x".repeat(255), bytes());
    expect(() => new Transcript().absorb("x".repeat(256), bytes())).to.throw(RangeError);
    expect(() => new Transcript().challenge("ü".repeat(128))).to.throw(RangeError);
  });
});
