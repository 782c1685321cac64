import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { type FieldElement, fieldToBytes, invert, reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { type Argument, beginTranscript } from "@zkcmp/libra/argument";
import type { ProverChannel } from "@zkcmp/libra/channel";
import { circuitDigest, LayeredCircuitBuilder } from "@zkcmp/libra/circuit/layered-circuit";
import { equalityVector, extensionAt } from "@zkcmp/libra/multilinear";
import { ProofRefusedError } from "@zkcmp/libra/proof";
import type { ProverProtocol } from "@zkcmp/libra/prover/argument";
import { type VerifierProtocol, verifyArgument } from "@zkcmp/libra/verifier/argument";
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

/**
 * The attack: the public Libra code hashes neither the circuit's description nor its outputs. Then the challenges are the same for every
 * circuit, and a prover looks at them first and chooses the circuit, or the public data in it, last: one free coefficient is
 * enough to make the last check come out.
 * Refused because the argument's digest (circuits, relations, tables) and the whole statement are the first things that the
 * transcript absorbs.
 */
describe("finding: circuit not in the transcript", function () {
  this.timeout(30_000);

  const kernels = createReferenceKernels();
  const statement = new TextEncoder().encode("a weighted sum");
  const numbers = Array.from({ length: NUMBERS }, (_, i) => reduce(BigInt(i + 1)));
  const tables = [numberTable(numbers)];
  const honest = Array.from({ length: NUMBERS }, (_, i) => reduce(BigInt(3 * i + 1)));
  const lie = reduce(weightedSum(honest, numbers) + 5n);
  const unbound = numberArgument();

  function bound(weights: readonly FieldElement[]): Argument {
    return numberArgument(sha256(concatBytes(...weights.map(fieldToBytes))));
  }

  /**
   * A prover of a false sum, who then changes the first weight so that the last check, A~(point) value = final, holds. The
   * rounds before stay as they are, as long as their challenges do not depend on the weight.
   */
  function forgeByWeights(argument: Argument): { proof: Uint8Array; weights: readonly FieldElement[] } {
    let weights: readonly FieldElement[] = honest;
    const prover: ProverProtocol = (channel, committed) => {
      const point: FieldElement[] = [];
      let final = lie;
      let round: readonly FieldElement[] = [];
      const watched: ProverChannel = {
        send: (values, name) => channel.send((round = values), name),
        challenge: (name) => {
          const r = channel.challenge(name);
          final = reduce(round[0]! + r * (round[1]! + r * round[2]!));
          point.push(r);
          return r;
        },
      };
      const claims = proveWeightedSum(kernels, honest, lie)(watched, committed);
      const missing = reduce(final * invert(claims[0]!.value) - extensionAt(honest, point));
      weights = honest.with(0, reduce(honest[0]! + missing * invert(equalityVector(point)[0]!)));
      return claims;
    };
    const verifier: VerifierProtocol = (channel) => verifyWeightedSum(kernels, weights, lie)(channel);
    return { proof: forgeArgument(kernels, argument, statement, tables, prover, verifier), weights };
  }

  it("lets the prover choose public numbers after the challenges, where they are not hashed", () => {
    const { proof, weights } = forgeByWeights(unbound);
    expect(weightedSum(weights, numbers)).to.not.equal(lie);
    verifyArgument(kernels, unbound, statement, proof, verifyWeightedSum(kernels, weights, lie));
  });

  it("is refused where the digest stands for them", () => {
    const { proof, weights } = forgeByWeights(bound(honest));
    const verify = () =>
      verifyArgument(kernels, bound(weights), statement, proof, verifyWeightedSum(kernels, weights, lie));
    expect(verify).to.throw(ProofRefusedError);
  });

  it("cannot happen: digest, tables, statement and commitments all change the first challenge", () => {
    const rows = new Uint8Array(32);
    const first = (...[argument, public_, committed]: Parameters<typeof beginTranscript>) =>
      beginTranscript(argument, public_, committed).challenge("first");
    const { name, tables: shapes, digest } = unbound;
    const shape = shapes[0]!;
    const challenges = [
      first(unbound, statement, rows),
      first(bound(honest), statement, rows),
      first({ name: "other", tables: shapes, digest }, statement, rows),
      first({ name, tables: [{ ...shape, name: "other" }], digest }, statement, rows),
      first({ name, tables: [{ ...shape, wide: shape.wide.slice(1) }], digest }, statement, rows),
      first({ name, tables: [{ ...shape, copies: 2 }], digest }, statement, rows),
      first({ name, tables: [...shapes, { ...shape, slots: 1, wide: [] }], digest }, statement, rows),
      first(unbound, statement.slice(1), rows),
      first(unbound, statement, rows.with(31, 1)),
    ];
    expect(new Set(challenges).size).to.equal(challenges.length);
  });

  it("has a digest of a circuit that every gate, place and coefficient changes", () => {
    const circuit = (gates: {
      out?: number;
      left?: number;
      coefficient?: bigint;
      constant?: bigint;
      name?: string;
    }) => {
      const builder = new LayeredCircuitBuilder(gates.name ?? "circuit", 4);
      builder
        .layer(4)
        .product(gates.out ?? 0, gates.left ?? 1, 2, reduce(gates.coefficient ?? 1n))
        .linear(1, 3)
        .constant(2, reduce(gates.constant ?? 7n));
      return circuitDigest(builder.build()).join();
    };
    const variants = [{}, { out: 1 }, { left: 3 }, { coefficient: 2n }, { constant: 8n }, { name: "other" }];
    expect(new Set(variants.map(circuit)).size).to.equal(variants.length);
  });
});
