import { type FieldElement, invert, reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { combine, known, scale, subtract } from "@zkcmp/libra/affine-form";
import type { ProverChannel, VerifierChannel } from "@zkcmp/libra/channel";
import { extensionAt } from "@zkcmp/libra/multilinear";
import { ProofRefusedError } from "@zkcmp/libra/proof";
import { Transcript } from "@zkcmp/libra/transcript";
import { VerifierMessages } from "@zkcmp/libra/verifier/messages";
import type { ProverProtocol } from "@zkcmp/libra/prover/argument";
import { type VerifierProtocol, verifyArgument } from "@zkcmp/libra/verifier/argument";
import { roundAt } from "@zkcmp/libra/verifier/sumcheck";
import { expect } from "chai";
import {
  forge,
  numberArgument,
  NUMBERS,
  numberTable,
  proveWeightedSum,
  verifyWeightedSum,
  weightedSum,
} from "../../packages/libra/test/number-argument.ts";

/**
 * The attack: the public Libra code draws the challenges of a layer's sumcheck before the round's polynomials are in its
 * transcript. A prover who knows a round's challenge r in advance adds a (t - r) to the honest polynomial: p(0) + p(1), the claim, becomes
 * whatever it likes, while p(r), all that goes on, stays the honest value. So any sum is proven.
 * Refused because a challenge is a hash of everything sent before it, the round's own message included.
 */
describe("finding: challenge before the message that it answers", function () {
  this.timeout(30_000);

  const kernels = createReferenceKernels();
  const argument = numberArgument();
  const statement = new TextEncoder().encode("the numbers add up to this");
  const ones = Array.from({ length: NUMBERS }, () => reduce(1n));
  const numbers = Array.from({ length: NUMBERS }, (_, i) => reduce(BigInt(i * i)));
  const truth = weightedSum(ones, numbers);
  const lie = reduce(truth + 1_000_000n);
  const ROUNDS = Math.log2(NUMBERS);

  /** The sumcheck of the reference code: the coin first, then the message. */
  function verifyEarly(sum: FieldElement): VerifierProtocol {
    return (channel: VerifierChannel) => {
      let current = known(sum);
      const point: FieldElement[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const r = channel.challenge(`weighted sum round ${round}`);
        const [constant, linear, square] = channel.receive(3, `weighted sum round ${round}`) as [never, never, never];
        const ends = combine([[reduce(2n), constant], [reduce(1n), linear], [reduce(1n), square]]); // prettier-ignore
        channel.requireZero(subtract(ends, current), `weighted sum round ${round}`);
        point.push(r);
        current = roundAt([constant, linear, square], r);
      }
      const [value] = channel.receive(1, "weighted sum end");
      channel.requireZero(subtract(current, scale(extensionAt(ones, point), value!)), "weighted sum end");
      return [claimAt(point, value!)];
    };
  }

  function claimAt<Value>(point: readonly FieldElement[], value: Value) {
    const copyWeights = { kind: "equality" as const, point: [] };
    return { table: 0, copyWeights, slotWeights: { kind: "equality" as const, point }, value };
  }

  /** Honest but for the first round, which adds a (t - r) with a (1 - 2 r) = the lie's excess. */
  function proveEarly(sum: FieldElement): ProverProtocol {
    return (channel: ProverChannel) => {
      let values: readonly FieldElement[] = numbers;
      const point: FieldElement[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const r = channel.challenge(`weighted sum round ${round}`);
        const half = values.length / 2;
        const [low, high] = [values.slice(0, half), values.slice(half)];
        const total = (part: readonly FieldElement[]) => part.reduce((all, value) => all + value, 0n);
        const excess = round === 0 ? reduce(sum - total(values)) : reduce(0n);
        const slope = reduce(excess * invert(reduce(1n - 2n * r)));
        channel.send(
          [reduce(total(low) - slope * r), reduce(total(high) - total(low) + slope), reduce(0n)],
          `weighted sum round ${round}`,
        );
        point.push(r);
        values = low.map((value, i) => reduce(value + r * (high[i]! - value)));
      }
      channel.send([values[0]!], "weighted sum end");
      return [claimAt(point, values[0]!)];
    };
  }

  it("proves any sum where the challenge comes first", () => {
    const proof = forge(kernels, argument, statement, [numberTable(numbers)], proveEarly(lie), verifyEarly(lie));
    verifyArgument(kernels, argument, statement, proof, verifyEarly(lie));
  });

  it("proves nothing where the message comes first, and nothing else differs", () => {
    const proof = forge(kernels, argument, statement, [numberTable(numbers)], proveEarly(lie), verifyEarly(lie));
    const verifier = verifyWeightedSum(kernels, ones, lie);
    expect(() => verifyArgument(kernels, argument, statement, proof, verifier)).to.throw(ProofRefusedError);
  });

  it("leaves a prover who knows no challenge early with a refused proof, and an honest one with a good proof", () => {
    const tables = [numberTable(numbers)];
    for (const sum of [truth, lie]) {
      const verifier = verifyWeightedSum(kernels, ones, sum);
      const proof = forge(kernels, argument, statement, tables, proveWeightedSum(kernels, ones, sum), verifier);
      const verify = () => verifyArgument(kernels, argument, statement, proof, verifier);
      if (sum === truth) verify();
      else expect(verify).to.throw(ProofRefusedError);
    }
  });

  it("draws each round's challenge from the round's own message and everything before", () => {
    const sent = Array.from({ length: ROUNDS + 1 }, (_, i) => new Uint8Array(32).fill(i + 1));
    /** The challenges of the rounds, if the prover sends these commitments. */
    const challenges = (commitments: readonly Uint8Array[]): readonly FieldElement[] => {
      const drawn: FieldElement[] = [];
      const channel = new VerifierMessages(new Transcript(), commitments);
      const draw = channel.challenge.bind(channel);
      channel.challenge = (name) => (drawn.push(draw(name)), drawn.at(-1)!);
      verifyWeightedSum(kernels, ones, truth)(channel);
      return drawn;
    };
    const before = challenges(sent);
    expect(before).to.have.lengthOf(ROUNDS);
    for (let changed = 0; changed < ROUNDS; changed++) {
      const after = challenges(sent.with(changed, new Uint8Array(32).fill(99)));
      after.forEach((challenge, round) => expect(challenge === before[round]).to.equal(round < changed));
    }
  });
});
