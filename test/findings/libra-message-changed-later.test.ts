import { type FieldElement, reduce } from "@zkcmp/field/element";
import type { PointVector } from "@zkcmp/field/kernels/kernels";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { combine, known, subtract } from "@zkcmp/libra/affine-form";
import { type Argument, beginTranscript, columnsOf } from "@zkcmp/libra/argument";
import { openingGenerators } from "@zkcmp/libra/generators";
import { encodeProof, ProofRefusedError } from "@zkcmp/libra/proof";
import { proveLinearForm } from "@zkcmp/libra/prover/linear-form";
import { systemRandomness } from "@zkcmp/libra/prover/random-source";
import type { Transcript } from "@zkcmp/libra/transcript";
import { verifyArgument, type VerifierProtocol } from "@zkcmp/libra/verifier/argument";
import { verifyLinearForm } from "@zkcmp/libra/verifier/linear-form";
import { VerifierMessages } from "@zkcmp/libra/verifier/messages";
import { combineConstraints } from "@zkcmp/libra/verifier/relation";
import { verifyTableClaims } from "@zkcmp/libra/verifier/table-claims";
import { concatBytes } from "@noble/hashes/utils.js";
import { expect } from "chai";
import { ProgrammedTranscript } from "../../packages/libra/test/programmed-transcript.ts";

/**
 * The attack: all messages of a proof are opened together, from the sum of their chunks' commitments. A chunk is sent before the
 * challenges that depend on it, but nothing keeps a later chunk to its own generators. So the prover commits to nothing in
 * the first chunk, waits for the challenge, and puts the answer that passes on the first chunk's generator in a later one: the sum
 * opens to it. Every sumcheck's round could be answered after its challenge.
 * Refused because the chunks are weighed by powers of a challenge drawn when all of them are sent: what a chunk holds on
 * the generators of another one gets a weight that the form does not have there.
 */
describe("finding: message changed by a later chunk", function () {
  this.timeout(20_000);
  const kernels = createReferenceKernels();
  const argument: Argument = { name: "answer before the question", tables: [], digest: new Uint8Array(0) };
  const statement = new Uint8Array(0);
  const columns = columnsOf(argument);

  /** Message 0 has to be the challenge that is drawn when it is committed to. */
  const protocol: VerifierProtocol = (channel) => {
    const [guess] = channel.receive(1, "guess") as [ReturnType<typeof known>];
    const challenge = channel.challenge("what was to be guessed");
    const [later] = channel.receive(1, "later") as [ReturnType<typeof known>];
    channel.requireZero(subtract(guess, known(challenge)), "the guess is right");
    channel.requireZero(
      combine([
        [reduce(1n), later],
        [reduce(-5n), known(reduce(1n))],
      ]),
      "later is 5",
    );
    return [];
  };

  /** The forger's chunks, made as the challenges come: nothing, then 5 on its own generator and the answer on message 0's. */
  function forge(
    transcript: Transcript,
    weighted: (relationWeights: readonly FieldElement[]) => readonly FieldElement[],
  ) {
    const blindings = systemRandomness.elements(3);
    const generators = openingGenerators(kernels, 2, columns);
    const commitTo = (first: FieldElement, second: FieldElement, blinding: FieldElement): PointVector => {
      const points = kernels.concatPoints([kernels.viewPoints(generators.vector, 0, 2), generators.blinding]);
      return kernels.fromPoints([kernels.multiScalar(points, kernels.fromField([first, second, blinding]))]);
    };
    const chunks: Uint8Array[] = [];
    const messages = new VerifierMessages(transcript, chunks);
    let answer = reduce(0n);
    chunks.push(kernels.compress(commitTo(reduce(0n), reduce(0n), blindings[0]!)));
    const claims = protocol({
      receive: (count, name) => messages.receive(count, name),
      challenge(name) {
        answer = messages.challenge(name);
        chunks.push(kernels.compress(commitTo(answer, reduce(5n), blindings[1]!)));
        return answer;
      },
      requireZero: (form, name) => messages.requireZero(form, name),
      requireProduct: (left, right, product, name) => messages.requireProduct(left, right, product, name),
    });
    chunks.push(kernels.compress(commitTo(reduce(0n), reduce(0n), blindings[2]!)));
    const openings = verifyTableClaims(messages, argument.tables, columns, claims);

    const relation = combineConstraints(kernels, transcript, argument, messages, openings);
    const weights = kernels.toField(relation.weights);
    const values = kernels.zeros(relation.sizes.length);
    const own = weighted(weights);
    kernels.write(values, 0, 1, [reduce(own[0]! * answer), reduce(own[1]! * 5n)]);
    const blinding = reduce(weights.reduce((sum, weight, i) => sum + weight * blindings[i]!, 0n));
    const statementOfForm = {
      ...relation,
      generators: openingGenerators(kernels, relation.sizes.messages, columns),
      commitments: kernels.decompress(concatBytes(...chunks)),
    };
    const opening = proveLinearForm(
      kernels,
      systemRandomness,
      transcript.copy(),
      statementOfForm.generators,
      relation.form,
      { values, blinding },
      relation.sizes.halvings,
    );
    const counts = { rows: 0, columns, chunks: chunks.length, messages: messages.messages, products: 0 };
    const sent = { rows: new Uint8Array(0), chunks: concatBytes(...chunks) };
    const proof = encodeProof({ counts, ...sent, factors: null, opening });
    const points = [opening.first, ...opening.halvings.flatMap(({ left, right }) => [left, right])];
    const verify = () =>
      verifyLinearForm(kernels, transcript, statementOfForm, opening, kernels.decompress(concatBytes(...points)));
    return { proof, verify };
  }

  it("passes where chunks are simply added up", () => {
    // The weights' challenge is 1, so that all weights are 1.
    const transcript = new ProgrammedTranscript("plain sum", { chunks: reduce(1n) });
    forge(transcript, () => [reduce(1n), reduce(1n)]).verify();
  });

  it("is refused with weights of chunks, whatever the forger opens", () => {
    const begin = () => beginTranscript(argument, statement, new Uint8Array(0));
    const openings: Record<string, (weights: readonly FieldElement[]) => readonly FieldElement[]> = {
      "what the commitments hold": (weights) => [weights[1]!, weights[1]!],
      "what the form asks for": (weights) => [weights[0]!, weights[1]!],
      "a plain sum": () => [reduce(1n), reduce(1n)],
    };
    for (const [name, weighted] of Object.entries(openings)) {
      const { proof, verify } = forge(begin(), weighted);
      expect(verify, name).to.throw(ProofRefusedError);
      expect(() => verifyArgument(kernels, argument, statement, proof, protocol), name).to.throw(ProofRefusedError);
    }
  });
});
