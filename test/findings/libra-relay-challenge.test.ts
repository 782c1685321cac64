import { type FieldElement, invert, reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { known } from "@zkcmp/libra/affine-form";
import type { ProverChannel, VerifierChannel } from "@zkcmp/libra/channel";
import { LayeredCircuitBuilder } from "@zkcmp/libra/circuit/layered-circuit";
import { equalityVector } from "@zkcmp/libra/multilinear";
import { ProofRefusedError } from "@zkcmp/libra/proof";
import type { ProverProtocol } from "@zkcmp/libra/prover/argument";
import { proveProductSumcheck } from "@zkcmp/libra/prover/sumcheck";
import { Transcript } from "@zkcmp/libra/transcript";
import { type VerifierProtocol, verifyArgument } from "@zkcmp/libra/verifier/argument";
import { verifyLayer } from "@zkcmp/libra/verifier/layer";
import { inputClaim, layerName, verifyLayeredCircuit } from "@zkcmp/libra/verifier/layered-circuit";
import { VerifierMessages } from "@zkcmp/libra/verifier/messages";
import { expect } from "chai";
import { forgeArgument } from "../../packages/libra/test/forge.ts";
import { numberArgument, NUMBERS, numberTable } from "../../packages/libra/test/number-argument.ts";

/**
 * The attack: above the input, the public Libra code has a relay layer, which passes its values on and makes one claim of the two that
 * every layer ends in. Some of its challenges are forced to 0, by special cases in prover and verifier. A zero too many, such as for the
 * weight of the second claim, and that claim is never checked: a prover puts into it whatever makes a false output come out.
 * Refused because layers that only pass values on, or add them up, take no challenge and no message here: a claim about one is a claim
 * about the layer below with other weights. The two claims are merged by a challenge that is drawn after both.
 */
describe("finding: relay layer with forced challenges", function () {
  this.timeout(30_000);

  const kernels = createReferenceKernels();
  const argument = numberArgument();
  const statement = new TextEncoder().encode("the product of the first two numbers");
  const numbers = Array.from({ length: NUMBERS }, (_, i) => reduce(BigInt(i + 3)));
  const lie = reduce(numbers[0]! * numbers[1]! + 1n);
  const VARIABLES = Math.log2(NUMBERS);

  /** A layer that passes everything on, and above it number 0 times number 1. */
  const circuit = (() => {
    const builder = new LayeredCircuitBuilder("relay", NUMBERS);
    const relay = builder.layer(NUMBERS);
    for (let slot = 0; slot < NUMBERS; slot++) relay.linear(slot, slot);
    builder.layer(1).product(0, 0, 1);
    return builder.build();
  })();
  const name = layerName(circuit, 1);
  const claim = { copyPoint: [], slotWeights: [reduce(1n)], value: known(lie) };

  const verifier: VerifierProtocol = (channel) =>
    verifyLayeredCircuit(channel, circuit, 1, claim).map((own) => ({ table: 0, ...own }));

  /** The two claims merged with the weights 1 and 0. */
  const forcedVerifier: VerifierProtocol = (channel) => {
    const { leftPoint, left } = verifyLayer(channel, circuit.layers[1]!, NUMBERS, 1, claim, name);
    channel.challenge(`${name} merge`);
    return [{ table: 0, ...inputClaim([], { kind: "equality", point: leftPoint }, left) }];
  };

  /** Keeps all of a layer's constraints for a false output, by a lie in one of the two claims that it ends in. */
  function prover(lieIn: "left" | "right", isForced: boolean): ProverProtocol {
    return (channel) => {
      const at = (slot: number, value: FieldElement) => {
        const vector = kernels.zeros(NUMBERS);
        kernels.write(vector, slot, 1, [value]);
        return vector;
      };
      const table = () => kernels.fromField(numbers);
      const left = followed(channel, lie, (own) =>
        proveProductSumcheck(kernels, own, table(), at(0, numbers[1]!), VARIABLES, lie, `${name} left`),
      );
      const [a, h] =
        lieIn === "right"
          ? [left.f, reduce(left.final * invert(left.f))]
          : [reduce(left.final * invert(left.g)), left.g];
      channel.send([a, h], `${name} left end`);

      const factor = at(1, equalityVector(left.point)[0]!);
      const right = followed(channel, h, (own) =>
        proveProductSumcheck(kernels, own, factor, table(), VARIABLES, h, `${name} right`),
      );
      const b = reduce(right.final * invert(right.f));
      channel.send([b], `${name} right end`);
      const alpha = channel.challenge(`${name} merge`);
      const ofRight = equalityVector(right.point);
      const values = equalityVector(left.point).map((weight, i) => reduce(weight + alpha * ofRight[i]!));
      return isForced
        ? [{ table: 0, ...inputClaim([], { kind: "equality" as const, point: left.point }, a) }]
        : [{ table: 0, ...inputClaim([], { kind: "vector" as const, values }, reduce(a + alpha * b)) }];
    };
  }

  /** Runs a part of a prover and follows the claim of its rounds as the verifier does. */
  function followed<T>(channel: ProverChannel, first: FieldElement, run: (channel: ProverChannel) => T) {
    let final = first;
    let round: readonly FieldElement[] = [];
    const result = run({
      send: (values, label) => channel.send((round = values), label),
      challenge: (label) => {
        const r = channel.challenge(label);
        final = reduce(round[0]! + r * (round[1]! + r * round[2]!));
        return r;
      },
    });
    return { ...result, final };
  }

  it("proves a false output where the second claim has the weight 0", () => {
    const proof = forgeArgument(
      kernels,
      argument,
      statement,
      [numberTable(numbers)],
      prover("right", true),
      forcedVerifier,
    );
    verifyArgument(kernels, argument, statement, proof, forcedVerifier);
  });

  for (const lieIn of ["left", "right"] as const) {
    it(`is refused by the merge's challenge, with a lie in the ${lieIn} claim`, () => {
      const proof = forgeArgument(kernels, argument, statement, [numberTable(numbers)], prover(lieIn, false), verifier);
      expect(() => verifyArgument(kernels, argument, statement, proof, verifier)).to.throw(ProofRefusedError);
    });
  }

  it("needs no special case: the layer takes neither message nor challenge, and no challenge is a constant", () => {
    const events: string[] = [];
    const drawn: FieldElement[] = [];
    const messages = new VerifierMessages(
      new Transcript(),
      Array.from({ length: 2 * VARIABLES + 2 }, (_, i) => new Uint8Array(32).fill(i)),
    );
    const watched: VerifierChannel = {
      receive: (count, label) => (events.push(`receive ${label}`), messages.receive(count, label)),
      challenge: (label) => {
        events.push(`challenge ${label}`);
        drawn.push(messages.challenge(label));
        return drawn.at(-1)!;
      },
      requireZero: (form, label) => messages.requireZero(form, label),
      requireProduct: (left, right, product, label) => messages.requireProduct(left, right, product, label),
    };
    const [own] = verifyLayeredCircuit(watched, circuit, 1, claim);
    expect(events.filter((event) => event.includes(layerName(circuit, 0)))).to.deep.equal([]);
    expect(events.slice(-2)).to.deep.equal([`receive ${name} right end`, `challenge ${name} merge`]);
    expect(new Set(drawn).size).to.equal(2 * VARIABLES + 1);

    const [u, v] = [drawn.slice(0, VARIABLES), drawn.slice(VARIABLES, 2 * VARIABLES)].map(equalityVector);
    const values = u!.map((weight, i) => reduce(weight + drawn.at(-1)! * v![i]!));
    expect(own!.slotWeights).to.deep.equal({ kind: "vector", values });
  });
});
