import type { Kernels, PointVector } from "@zkcmp/field/kernels/kernels";
import { PointEncodingError } from "@zkcmp/field/kernels/point-encoding";
import { ProofFormatError } from "../proof.ts";

/**
 * Points of a proof, whose number has been checked before: each takes a square root.
 * @throws {ProofFormatError} if one is in no canonical encoding
 */
export function decompressPoints(kernels: Kernels, bytes: Uint8Array): PointVector {
  try {
    return kernels.decompress(bytes);
  } catch (error) {
    if (!(error instanceof PointEncodingError)) throw error;
    throw new ProofFormatError("it has a point in no canonical encoding", { cause: error });
  }
}
