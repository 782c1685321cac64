import { bytesToInteger, type FieldElement, reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { beginTranscript, columnsOf } from "@zkcmp/libra/argument";
import { decodeProof } from "@zkcmp/libra/proof";
import { createLibra } from "@zkcmp/libra/proof-system";
import { proveArgument, proveWithRandomness } from "@zkcmp/libra/prover/argument";
import type { RandomSource } from "@zkcmp/libra/prover/random-source";
import { drawMaskChallenge } from "@zkcmp/libra/verifier/linear-form";
import { chunksOf, VerifierMessages } from "@zkcmp/libra/verifier/messages";
import { combineConstraints } from "@zkcmp/libra/verifier/relation";
import { verifyTableClaims } from "@zkcmp/libra/verifier/table-claims";
import { randomBytes } from "@noble/hashes/utils.js";
import { expect } from "chai";
import {
  numberArgument,
  NUMBERS,
  numberTable,
  proveWeightedSum,
  verifyWeightedSum,
  weightedSum,
} from "../../packages/libra/test/number-argument.ts";
import { createDeal, networkOf, testSetFor } from "../../packages/sale/test/fixture.ts";

/**
 * The attack: the public Libra code takes its masks from C's rand(), three words each, in a field of 254 bits. A shown number
 * mask + challenge * secret then has its upper bits from the secret alone: whoever guesses a small secret subtracts it and looks
 * whether something short is left. (The generator's seed is guessed as well.)
 * Refused: masks and blindings come from the system's generator, full width, and two proofs share nothing.
 */
describe("finding: weak masks", function () {
  this.timeout(30_000);

  const kernels = createReferenceKernels();
  const argument = numberArgument();
  const statement = new TextEncoder().encode("one secret row");
  const ones = Array.from({ length: NUMBERS }, () => reduce(1n));
  /** Parameters of a tiny model, say. */
  const secrets = Array.from({ length: NUMBERS }, (_, i) => reduce(BigInt((37 * i) % 16)));
  const sum = weightedSum(ones, secrets);
  const verifier = verifyWeightedSum(kernels, ones, sum);
  const prover = proveWeightedSum(kernels, ones, sum);
  const columns = columnsOf(argument);

  /** Three words, as the reference code draws a field element. */
  const threeWords: RandomSource = {
    elements: (count) => Array.from({ length: count }, () => reduce(bytesToInteger(randomBytes(12)))),
  };

  /** What anybody computes from a proof: the shown vector's columns, the challenge e, and the weight of the committed row in it. */
  function readProof(bytes: Uint8Array) {
    return kernels.scope(() => {
      const proof = decodeProof(bytes, 1, columns);
      const transcript = beginTranscript(argument, statement, proof.rows);
      const messages = new VerifierMessages(transcript, chunksOf(proof.chunks));
      const openings = verifyTableClaims(messages, argument.tables, columns, verifier(messages));
      const { sizes, weights } = combineConstraints(kernels, transcript, argument, messages, openings);
      const e = drawMaskChallenge(transcript, proof.opening.first, proof.opening.formValue);
      return { shown: proof.opening.rest.slice(sizes.messages), e, rowWeight: kernels.element(weights, 0) };
    });
  }

  /** Numbers from 0 to 15 that leave less than 100 bits of a shown entry. */
  function guesses(bytes: Uint8Array): bigint[][] {
    const { shown, e, rowWeight } = readProof(bytes);
    return shown.map((entry) =>
      Array.from({ length: 16 }, (_, guess) => BigInt(guess)).filter(
        (guess) => reduce(entry - e * reduce(rowWeight * guess)) < 2n ** 100n,
      ),
    );
  }

  /** All points and numbers of a proof, as they stand behind its header. */
  function wordsOf(proof: Uint8Array): string[] {
    const all = proof.slice(proof.length % 32);
    return Array.from({ length: all.length / 32 }, (_, i) => all.slice(32 * i, 32 * (i + 1)).join());
  }

  const weak = () =>
    proveWithRandomness(threeWords, kernels, argument, statement, [numberTable(secrets)], prover, verifier);
  const real = () => proveArgument(kernels, argument, statement, [numberTable(secrets)], prover, verifier);

  it("of three words give every secret to whoever reads the proof", () => {
    expect(guesses(weak())).to.deep.equal(secrets.map((secret) => [BigInt(secret)]));
  });

  it("of full width leave nothing to guess by", () => {
    expect(guesses(real())).to.deep.equal(secrets.map(() => []));
  });

  it("are drawn anew: two proofs of one model share neither point nor number, nor does one repeat any", () => {
    const words = [real(), real()].flatMap(wordsOf);
    expect(new Set(words).size).to.equal(words.length);
  });

  it("are drawn anew in a whole sale: two proofs of one statement share nothing", async () => {
    const libra = createLibra({ threads: 1 });
    const network = networkOf();
    const core = { proofSystem: libra.id, keyFiles: libra.keyFiles };
    const deal = await createDeal({ network, testSet: testSetFor(network), core });
    const proofs = [1, 2].map(() => libra.prove(deal.statement, { network, secrets: deal.secrets }));
    const words = (await Promise.all(proofs)).flatMap(wordsOf);
    expect(new Set(words).size).to.equal(words.length);
  });

  it("come from no other source: proofs differ though clock and Math.random stand still", () => {
    const [random, now] = [Math.random, Date.now];
    try {
      Math.random = () => 0.5;
      Date.now = () => 0;
      expect(real()).to.not.deep.equal(real());
    } finally {
      Object.assign(Math, { random });
      Object.assign(Date, { now });
    }
  });

  it("are as many as there are numbers to hide", () => {
    const asked: number[] = [];
    const counting: RandomSource = {
      elements: (count) => {
        asked.push(count);
        return Array.from({ length: count }, () => reduce(bytesToInteger(randomBytes(31))) as FieldElement);
      },
    };
    const proof = decodeProof(
      proveWithRandomness(counting, kernels, argument, statement, [numberTable(secrets)], prover, verifier),
      1,
      columns,
    );
    const commitments = proof.counts.rows + proof.counts.chunks;
    // A blinding for each commitment, a mask for each entry of the opened vector, and the mask's own blinding.
    expect(asked.reduce((all, count) => all + count, 0)).to.equal(commitments + proof.opening.rest.length + 1);
  });
});
