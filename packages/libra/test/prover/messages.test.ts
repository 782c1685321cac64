import { reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { BLINDING_LABEL, MESSAGE_LABEL } from "@zkcmp/libra/generators";
import { ProverMessages } from "@zkcmp/libra/prover/messages";
import { systemRandomness } from "@zkcmp/libra/prover/random-source";
import { Transcript } from "@zkcmp/libra/transcript";
import { VerifierMessages } from "@zkcmp/libra/verifier/messages";
import { concatBytes } from "@noble/hashes/utils.js";
import { expect } from "chai";
import { elements } from "../random.ts";

describe("ProverMessages", function () {
  this.timeout(20_000);
  const kernels = createReferenceKernels();

  it("commits to each message with its own generator, and to each chunk with its own blinding", () => {
    const messages = new ProverMessages(kernels, systemRandomness, new Transcript());
    const values = elements("messages", 70);
    const chunks = [values.slice(0, 3), [], values.slice(3, 4), values.slice(4)];
    chunks.forEach((chunk, i) => kernels.scope(() => messages.send(chunk, `chunk ${i}`)));
    expect(messages.values).to.deep.equal(values);
    expect(new Set(messages.blindings).size).to.equal(chunks.length);

    const [blinding] = [kernels.generators(BLINDING_LABEL, 1)];
    let position = 0;
    chunks.forEach((chunk, i) => {
      const own = kernels.viewPoints(kernels.generators(MESSAGE_LABEL, 70), position, chunk.length);
      position += chunk.length;
      const scalars = kernels.fromField([...chunk, messages.blindings[i]!]);
      const point = kernels.multiScalar(kernels.concatPoints([own, blinding]), scalars);
      expect(messages.commitments[i]).to.deep.equal(kernels.compress(kernels.fromPoints([point])));
    });
  });

  it("draws the challenges that the verifier draws", () => {
    const prover = new ProverMessages(kernels, systemRandomness, new Transcript());
    const verifier = new VerifierMessages(new Transcript(), prover.commitments);
    for (const count of [1, 3]) {
      prover.send(elements("messages", count), `chunk ${count}`);
      const challenge = prover.challenge("x");
      verifier.receive(count, `chunk ${count}`);
      expect(verifier.challenge("x")).to.equal(challenge);
    }
  });

  it("hides equal messages in different commitments", () => {
    const messages = new ProverMessages(kernels, systemRandomness, new Transcript());
    for (let i = 0; i < 5; i++) messages.send([reduce(0n)], "zero");
    expect(new Set(messages.commitments.map(String)).size).to.equal(5);
    expect(concatBytes(...messages.commitments).length).to.equal(5 * 32);
  });
});
