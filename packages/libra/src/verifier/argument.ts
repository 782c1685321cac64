import type { Kernels } from "@zkcmp/field/kernels/kernels";
import { type Argument, beginTranscript, columnsOf, rowsOf } from "../argument.ts";
import type { VerifierChannel } from "../channel.ts";
import { openingGenerators } from "../generators.ts";
import { decodeProof, pointsOf, ProofFormatError } from "../proof.ts";
import type { TableClaim } from "../table.ts";
import { verifyLinearForm } from "./linear-form.ts";
import { chunksOf, VerifierMessages } from "./messages.ts";
import { decompressPoints } from "./points.ts";
import { verifyProducts } from "./products.ts";
import { combineConstraints } from "./relation.ts";
import { verifyTableClaims } from "./table-claims.ts";

/**
 * What a verifier asks, in the order in which it asks, from the tables' commitments on. What it receives and draws must depend on
 * nothing but public data and the channel. Left over are claims about the tables.
 */
export type VerifierProtocol = (channel: VerifierChannel) => readonly TableClaim[];

/**
 * Verifies a proof of `proveArgument`: the prover knows tables, committed in the proof, and messages, committed round by
 * round, for which all constraints of the protocol and all its claims about the tables hold.
 *
 * As in Hyrax (eprint 2017/1132, sections 4 and 5) no message is shown. The steps: the protocol runs over the bytes of
 * commitments and records constraints, the table claims become one point of each table, products become linear constraints
 * (verifier/products.ts), all linear constraints and openings one (verifier/relation.ts), which is verified by one sum over
 * points (verifier/linear-form.ts). Points are decompressed when there are exactly as many as the protocol took, so that
 * a proof's length buys its sender no work.
 *
 * @param statement a canonical encoding of everything public that the argument's digest does not hold
 * @throws {ProofFormatError} if the bytes are no proof for this argument
 * @throws {ProofRefusedError} if they are one that does not convince
 */
export function verifyArgument(
  kernels: Kernels,
  argument: Argument,
  statement: Uint8Array,
  proof: Uint8Array,
  protocol: VerifierProtocol,
): void {
  kernels.scope(() => {
    const columns = columnsOf(argument);
    const rows = argument.tables.reduce((sum, shape) => sum + rowsOf(shape, columns), 0);
    const decoded = decodeProof(proof, rows, columns);
    const transcript = beginTranscript(argument, statement, decoded.rows);
    const messages = new VerifierMessages(transcript, chunksOf(decoded.chunks));
    const openings = verifyTableClaims(messages, argument.tables, columns, protocol(messages));
    if (messages.products.length !== decoded.counts.products) throw new ProofFormatError("it counts other products");
    verifyProducts(transcript, messages, () => decoded.factors!);
    if (messages.counts.length !== decoded.counts.chunks || messages.messages !== decoded.counts.messages) {
      throw new ProofFormatError("it counts other messages");
    }

    const points = decompressPoints(kernels, pointsOf(decoded));
    const relation = combineConstraints(kernels, transcript, argument, messages, openings);
    const commitments = rows + decoded.counts.chunks;
    verifyLinearForm(
      kernels,
      transcript,
      {
        ...relation,
        generators: openingGenerators(kernels, relation.sizes.messages, columns),
        commitments: kernels.viewPoints(points, 0, commitments),
      },
      decoded.opening,
      kernels.viewPoints(points, commitments, points.length - commitments),
    );
  });
}
