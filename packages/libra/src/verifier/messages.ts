import { type FieldElement, integerToBytes } from "@zkcmp/field/element";
import { POINT_BYTES } from "@zkcmp/field/kernels/point-encoding";
import { concatBytes } from "@noble/hashes/utils.js";
import { type AffineForm, message } from "../affine-form.ts";
import type { VerifierChannel } from "../channel.ts";
import { ProofFormatError } from "../proof.ts";
import type { Transcript } from "../transcript.ts";

export interface ZeroConstraint {
  readonly form: AffineForm;
  readonly name: string;
}

export interface ProductConstraint {
  readonly left: AffineForm;
  readonly right: AffineForm;
  readonly product: AffineForm;
  readonly name: string;
}

/** Binds a chunk of `count` messages, committed to in one compressed point. */
export function absorbChunk(transcript: Transcript, commitment: Uint8Array, count: number, name: string): void {
  if (commitment.length !== POINT_BYTES) throw new RangeError("a commitment is one compressed point");
  transcript.absorb(`chunk ${name}`, concatBytes(integerToBytes(BigInt(count), 4), commitment));
}

/** The compressed commitments of chunks, by number: a list of them, or {@link chunksOf}. */
export interface ChunkCommitments {
  /** Undefined beyond the last. */
  at(chunk: number): Uint8Array | undefined;
}

/** The commitments that stand one after the other in a proof, which are looked at no sooner than they are taken. */
export function chunksOf(bytes: Uint8Array): ChunkCommitments {
  return {
    at: (chunk) => {
      const start = POINT_BYTES * chunk;
      return start < bytes.length ? bytes.subarray(start, start + POINT_BYTES) : undefined;
    },
  };
}

/**
 * The verifier's end over commitments in place of messages, as in Hyrax (eprint 2017/1132, section 4): chunk j is one
 * Pedersen commitment P_j = sum t_i T_i + r_j H over its messages' own generators. Checks are recorded, to be proven
 * at the end; the challenges depend on the commitments, which the messages can't leave any more.
 */
export class VerifierMessages implements VerifierChannel {
  readonly zeros: ZeroConstraint[] = [];
  readonly products: ProductConstraint[] = [];
  /** For each chunk received, its number of messages. */
  readonly counts: number[] = [];
  readonly #transcript: Transcript;
  readonly #commitments: ChunkCommitments;
  #messages = 0;

  /** @param commitments the chunks' compressed commitments; a prover who replays may add to them while this runs */
  constructor(transcript: Transcript, commitments: ChunkCommitments) {
    this.#transcript = transcript;
    this.#commitments = commitments;
  }

  /** Messages received in all chunks. */
  get messages(): number {
    return this.#messages;
  }

  /** @throws {ProofFormatError} if the proof has no further chunk */
  receive(count: number, name: string): readonly AffineForm[] {
    const commitment = this.#commitments.at(this.counts.length);
    if (commitment === undefined) throw new ProofFormatError(`it ends before the messages ${name}`);
    absorbChunk(this.#transcript, commitment, count, name);
    this.counts.push(count);
    return Array.from({ length: count }, () => message(this.#messages++));
  }

  challenge(name: string): FieldElement {
    return this.#transcript.challenge(name);
  }

  requireZero(form: AffineForm, name: string): void {
    this.zeros.push({ form, name });
  }

  requireProduct(left: AffineForm, right: AffineForm, product: AffineForm, name: string): void {
    this.products.push({ left, right, product, name });
  }
}
