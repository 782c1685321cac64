import type { FieldElement } from "@zkcmp/field/element";
import { CanonicalEncoder } from "@zkcmp/field/encoding";
import type { Kernels, PointVector } from "@zkcmp/field/kernels/kernels";
import { POINT_BYTES, PointEncodingError } from "@zkcmp/field/kernels/point-encoding";
import { sha256 } from "@noble/hashes/sha2.js";
import { isBytes } from "@noble/hashes/utils.js";
import { message } from "./affine-form.ts";
import { type Argument, beginTranscript, columnsOf, rowsOf } from "./argument.ts";
import { openingGenerators, type OpeningGenerators } from "./generators.ts";
import { openingSizes } from "./linear-form.ts";
import { ProofFormatError } from "./proof.ts";
import type { Transcript } from "./transcript.ts";
import type { TableOpening } from "./verifier/table-claims.ts";

/*
 * The commitment of Libra's argument on its own, as the zero-knowledge verifiable polynomial delegation (zkVPD) that the paper
 * builds on (Libra, eprint 2019/317, section 2.4 and appendix A): KeyGen here, CheckComm here, Commit and Open in
 * prover/commitment.ts, Ver in verifier/commitment.ts. In place of the paper's pairings and trusted setup stand Pedersen rows
 * (Hyrax, eprint 2017/1132, section 6) and the compressed Sigma-protocol of verifier/linear-form.ts; in place of
 * the value of the polynomial a commitment to it, with a proof that it is one (verifier/known-value.ts). What an opening binds to
 * is said at `verify`.
 */

/** Public parameters for multilinear polynomials over F_r. */
export interface CommitmentKey {
  readonly variables: number;
  /** Coefficients in the basis of eq in one row commitment, a power of two. */
  readonly columns: number;
  readonly rows: number;
  /** The first one commits to the value. */
  readonly generators: OpeningGenerators;
  /** The polynomial's values on {0, 1}^variables as the one table of an argument. */
  readonly argument: Argument;
}

const MAX_VARIABLES = 30;

/**
 * Nothing about the key is secret: every generator is a hash. It lives as long as the kernels' present scope.
 * @param variables 0 to 30
 * @throws {RangeError} outside
 */
export function keyGen(kernels: Kernels, variables: number): CommitmentKey {
  if (!Number.isInteger(variables) || variables < 0 || variables > MAX_VARIABLES) {
    throw new RangeError(`a polynomial of ${variables} variables; 0 to ${MAX_VARIABLES} are possible`);
  }
  const shape = { name: "values", copies: 2 ** variables, slots: 1, wide: [0] };
  const argument = { name: "polynomial commitment", tables: [shape], digest: new Uint8Array(0) };
  const columns = columnsOf(argument);
  const generators = openingGenerators(kernels, openingSizes(1, columns).messages, columns);
  return { variables, columns, rows: rowsOf(shape, columns), generators, argument };
}

/**
 * Passes a commitment that is one: as many points as the key says, each in its only encoding. All points of the curve
 * have order r, so there is no more to check.
 * @throws {ProofFormatError}
 */
export function check(kernels: Kernels, key: CommitmentKey, commitment: Uint8Array): void {
  if (!isBytes(commitment) || commitment.length !== POINT_BYTES * key.rows) {
    throw new ProofFormatError(`the commitment is not ${key.rows} points of ${POINT_BYTES} bytes`);
  }
  kernels.scope(() => {
    try {
      kernels.decompress(commitment);
    } catch (error) {
      if (!(error instanceof PointEncodingError)) throw error;
      throw new ProofFormatError("the commitment is no list of points", { cause: error });
    }
  });
}

/** The transcript of one opening. */
export function beginOpening(key: CommitmentKey, commitment: Uint8Array, point: readonly FieldElement[]): Transcript {
  if (point.length !== key.variables) throw new RangeError(`a point of ${point.length} variables`);
  const statement = new CanonicalEncoder("zkcmp/libra/polynomial-opening/v1").fields(point);
  return beginTranscript(key.argument, sha256(statement.toBytes()), commitment);
}

/** T_0 and H, which the value is committed with. */
export function valueGenerators(kernels: Kernels, { generators }: CommitmentKey): PointVector {
  return kernels.concatPoints([kernels.viewPoints(generators.vector, 0, 1), generators.blinding]);
}

/**
 * The one opening: message 0 is the value at the point. A polynomial shorter than a row is opened at 0 of the row's missing
 * variables, where nothing but its own part of the row counts.
 */
export function openingAt({ columns }: CommitmentKey, point: readonly FieldElement[]): TableOpening {
  const missing = Math.max(0, Math.log2(columns) - point.length);
  return {
    table: 0,
    point: [...new Array<FieldElement>(missing).fill(0n as FieldElement), ...point],
    value: message(0),
  };
}
