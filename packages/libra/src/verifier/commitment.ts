import type { FieldElement } from "@zkcmp/field/element";
import type { Kernels } from "@zkcmp/field/kernels/kernels";
import { isBytes } from "@noble/hashes/utils.js";
import { beginOpening, check, type CommitmentKey, openingAt, valueGenerators } from "../commitment.ts";
import { decodeKnownValue, KNOWN_VALUE_BYTES } from "../known-value.ts";
import { decodeProof, pointsOf, ProofFormatError } from "../proof.ts";
import { verifyKnownValue } from "./known-value.ts";
import { verifyLinearForm } from "./linear-form.ts";
import { chunksOf, VerifierMessages } from "./messages.ts";
import { decompressPoints } from "./points.ts";
import { combineConstraints } from "./relation.ts";

/**
 * Ver of the zkVPD. With the point (r, c), r its variables of rows and c those of columns, whoever convinces knows, but for a
 * relation between generators:
 *
 *   v, what sum over rows of eq(r, row) C_row has on the columns' generators, and
 *   y, blinding with P_0 = y T_0 + blinding H for the P_0 returned and y = <eq(c, .), v>
 *
 * So there is one value for a commitment and a point. Where points are drawn after the commitment, v at enough of them gives
 * what every row has on the columns' generators: all values of one polynomial, known to the prover. A row may hold
 * multiples of other generators beside; no opening reads them. P_0 holds nothing else, because others compute with it.
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
    if (!isBytes(proof)) throw new ProofFormatError("it is not a Uint8Array");
    const openingBytes = Math.max(0, proof.length - KNOWN_VALUE_BYTES);
    const decoded = decodeProof(proof.subarray(0, openingBytes), 0, key.columns);
    const knownValue = decodeKnownValue(proof.subarray(openingBytes));
    const { chunks, messages, products } = decoded.counts;
    if (chunks !== 1 || messages !== 1 || products !== 0) throw new ProofFormatError("it opens something else");
    const points = decompressPoints(kernels, pointsOf({ ...decoded, rows: commitment }));
    const transcript = beginOpening(key, commitment, point);
    const received = new VerifierMessages(transcript, chunksOf(decoded.chunks));
    received.receive(1, "value");
    const value = kernels.viewPoints(points, key.rows, 1);
    verifyKnownValue(kernels, transcript, valueGenerators(kernels, key), value, knownValue);
    const relation = combineConstraints(kernels, transcript, key.argument, received, [openingAt(key, point)]);
    const commitments = kernels.viewPoints(points, 0, key.rows + 1);
    const rest = kernels.viewPoints(points, key.rows + 1, points.length - key.rows - 1);
    const statement = { ...relation, generators: key.generators, commitments };
    verifyLinearForm(kernels, transcript, statement, decoded.opening, rest);
    return decoded.chunks;
  });
}
