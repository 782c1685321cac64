import { type FieldElement, invert, reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { combine, known, scale, subtract } from "@zkcmp/libra/affine-form";
import type { ProverChannel, VerifierChannel } from "@zkcmp/libra/channel";
import { extensionAt } from "@zkcmp/libra/multilinear";
import { columnsOf } from "@zkcmp/libra/argument";
import { ProofRefusedError } from "@zkcmp/libra/proof";
import { salePublicData } from "@zkcmp/libra/sale/public-data";
import { saleSystemOf } from "@zkcmp/libra/sale/sale-system";
import { verifySale } from "@zkcmp/libra/sale/verifier";
import { Transcript } from "@zkcmp/libra/transcript";
import { VerifierMessages } from "@zkcmp/libra/verifier/messages";
import type { ProverProtocol } from "@zkcmp/libra/prover/argument";
import { type VerifierProtocol, verifyArgument } from "@zkcmp/libra/verifier/argument";
import { verifyTableClaims } from "@zkcmp/libra/verifier/table-claims";
import { roundAt } from "@zkcmp/libra/verifier/sumcheck";
import { expect } from "chai";
import { forgeArgument } from "../../packages/libra/test/forge.ts";
import {
  numberArgument,
  NUMBERS,
  numberTable,
  proveWeightedSum,
  verifyWeightedSum,
  weightedSum,
} from "../../packages/libra/test/number-argument.ts";
import { createDeal } from "../../packages/sale/test/fixture.ts";

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
    const proof = forgeArgument(
      kernels,
      argument,
      statement,
      [numberTable(numbers)],
      proveEarly(lie),
      verifyEarly(lie),
    );
    verifyArgument(kernels, argument, statement, proof, verifyEarly(lie));
  });

  it("proves nothing where the message comes first, and nothing else differs", () => {
    const proof = forgeArgument(
      kernels,
      argument,
      statement,
      [numberTable(numbers)],
      proveEarly(lie),
      verifyEarly(lie),
    );
    const verifier = verifyWeightedSum(kernels, ones, lie);
    expect(() => verifyArgument(kernels, argument, statement, proof, verifier)).to.throw(ProofRefusedError);
  });

  it("leaves a prover who knows no challenge early with a refused proof, and an honest one with a good proof", () => {
    const tables = [numberTable(numbers)];
    for (const sum of [truth, lie]) {
      const verifier = verifyWeightedSum(kernels, ones, sum);
      const proof = forgeArgument(kernels, argument, statement, tables, proveWeightedSum(kernels, ones, sum), verifier);
      const verify = () => verifyArgument(kernels, argument, statement, proof, verifier);
      if (sum === truth) verify();
      else expect(verify).to.throw(ProofRefusedError);
    }
  });

  describe("in a sale", () => {
    interface Event {
      readonly kind: "message" | "challenge";
      readonly name: string;
      readonly value?: FieldElement;
    }

    const ENOUGH = 1_000;
    const chunks = Array.from({ length: ENOUGH }, (_, i) => new Uint8Array(32).fill(1 + (i % 200)));
    let events: (chunks: readonly Uint8Array[]) => readonly Event[];
    let honest: readonly Event[];

    before(async () => {
      const { statement } = await createDeal();
      const system = saleSystemOf(statement);
      const data = salePublicData(statement);
      const columns = columnsOf(system.argument);
      // The verifier does not look into commitments before the end, so anything will do.
      events = (commitments) => {
        const seen: Event[] = [];
        const messages = new VerifierMessages(new Transcript(), commitments);
        const channel: VerifierChannel = {
          receive: (count, name) => (seen.push({ kind: "message", name }), messages.receive(count, name)),
          challenge: (name) => {
            const value = messages.challenge(name);
            seen.push({ kind: "challenge", name, value });
            return value;
          },
          requireZero: () => undefined,
          requireProduct: () => undefined,
        };
        verifyTableClaims(channel, system.argument.tables, columns, verifySale(kernels, system, data, channel));
        return seen;
      };
      honest = events(chunks);
    });

    it("draws the challenge of each of its rounds right after the round's own message", () => {
      const rounds = honest.flatMap(({ kind, name }, i) =>
        kind === "challenge" && / round \d+$/.test(name) ? [i] : [],
      );
      expect(rounds.length).to.be.greaterThan(100);
      for (const i of rounds) {
        expect(honest[i - 1]).to.deep.equal({ kind: "message", name: honest[i]!.name });
      }
    });

    it("changes every later challenge with any message, and no earlier one", () => {
      const places = honest.flatMap(({ kind }, i) => (kind === "message" ? [i] : []));
      for (let message = 0; message < places.length; message += 7) {
        const after = events(chunks.with(message, new Uint8Array(32).fill(255)));
        after.forEach((event, i) => {
          expect(event.name).to.equal(honest[i]!.name);
          if (event.kind === "challenge") expect(event.value === honest[i]!.value).to.equal(i < places[message]!);
        });
      }
    });
  });
});
