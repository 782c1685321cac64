import type { FieldElement } from "@zkcmp/field/element";
import type { Kernels } from "@zkcmp/field/kernels/kernels";
import { beginOpening, check, type CommitmentKey, openingAt } from "../commitment.ts";
import { decodeProof, ProofFormatError } from "../proof.ts";
import { decompressPoints } from "./argument.ts";
import { verifyLinearForm } from "./linear-form.ts";
import { chunksOf, VerifierMessages } from "./messages.ts";
import { combineConstraints } from "./relation.ts";

/**
 * Ver of the zkVPD: the prover knows a polynomial in the commitment, and its value at the point in the commitment returned.
 * @param point as many entries as the key has variables
 * @returns the compressed commitment y T_0 + blinding H to the value
 * @throws {ProofFormatError} if the commitment or the proof is malformed
 * @throws {ProofRefusedError} if the proof does not convince
 */
export function verify(
  kernels: Kernels,
  key: CommitmentKey,
  commitment: Uint8Array,
  point: readonly FieldElement[],
  proof: Uint8Array,
): Uint8Array {
  check(kernels, key, commitment);
  return kernels.scope(() => {
    const decoded = decodeProof(proof, 0, key.columns);
    const { chunks, messages, products } = decoded.counts;
    if (chunks !== 1 || messages !== 1 || products !== 0) throw new ProofFormatError("it opens something else");
    const points = decompressPoints(kernels, { ...decoded, rows: commitment });
    const transcript = beginOpening(key, commitment, point);
    const received = new VerifierMessages(transcript, chunksOf(decoded.chunks));
    received.receive(1, "value");
    const relation = combineConstraints(kernels, transcript, key.argument, received, [openingAt(key, point)]);
    const commitments = kernels.viewPoints(points, 0, key.rows + 1);
    const rest = kernels.viewPoints(points, key.rows + 1, points.length - key.rows - 1);
    const statement = { ...relation, generators: key.generators, commitments };
    verifyLinearForm(kernels, transcript, statement, decoded.opening, rest);
    return decoded.chunks;
  });
}
