import type { FieldElement } from "@zkcmp/field/element";
import type { AffinePoint, Kernels } from "@zkcmp/field/kernels/kernels";
import type { ProverChannel } from "../channel.ts";
import { BLINDING_LABEL, MESSAGE_LABEL } from "../generators.ts";
import type { Transcript } from "../transcript.ts";
import { absorbChunk } from "../verifier/messages.ts";
import type { RandomSource } from "./random-source.ts";

/** The prover's end of VerifierMessages: commits to each chunk with a fresh blinding, uniform in [0, r), and keeps what was sent. */
export class ProverMessages implements ProverChannel {
  /** All messages, in the order in which they were sent. */
  readonly values: FieldElement[] = [];
  /** Of each chunk, compressed. */
  readonly commitments: Uint8Array[] = [];
  readonly blindings: FieldElement[] = [];
  readonly #kernels: Kernels;
  readonly #random: RandomSource;
  readonly #transcript: Transcript;
  readonly #blindingGenerator: AffinePoint;
  /** Kept as points, not in the kernels: messages are sent from within scopes that end. */
  readonly #generators: AffinePoint[] = [];

  constructor(kernels: Kernels, random: RandomSource, transcript: Transcript) {
    this.#kernels = kernels;
    this.#random = random;
    this.#transcript = transcript;
    this.#blindingGenerator = kernels.scope(() => kernels.toPoints(kernels.generators(BLINDING_LABEL, 1))[0]!);
  }

  send(values: readonly FieldElement[], name: string): void {
    const start = this.values.length;
    this.#growGenerators(start + values.length);
    const [blinding] = this.#random.elements(1) as [FieldElement];
    const kernels = this.#kernels;
    const commitment = kernels.scope(() => {
      const generators = this.#generators.slice(start, start + values.length);
      const points = kernels.fromPoints([...generators, this.#blindingGenerator]);
      return kernels.compress(
        kernels.fromPoints([kernels.multiScalar(points, kernels.fromField([...values, blinding]))]),
      );
    });
    absorbChunk(this.#transcript, commitment, values.length, name);
    this.values.push(...values);
    this.commitments.push(commitment);
    this.blindings.push(blinding);
  }

  challenge(name: string): FieldElement {
    return this.#transcript.challenge(name);
  }

  #growGenerators(count: number): void {
    if (count <= this.#generators.length) return;
    const kernels = this.#kernels;
    kernels.scope(() => {
      const known = this.#generators.length;
      const size = Math.max(64, 2 * known, count);
      const all = kernels.generators(MESSAGE_LABEL, size);
      this.#generators.push(...kernels.toPoints(kernels.viewPoints(all, known, size - known)));
    });
  }
}
