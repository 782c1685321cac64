import { POINT_BYTES } from "@zkcmp/field/kernels/point-encoding";
import { concatBytes } from "@noble/hashes/utils.js";

const HEADER_BYTES = 16;
const CHUNKS_OFFSET = 4;

/** A proof with further chunks, of bytes that encode no point, and a header that counts them: its length is borne out. */
export function withChunks(proof: Uint8Array, more: number): Uint8Array {
  const header = proof.slice(0, HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(CHUNKS_OFFSET, view.getUint32(CHUNKS_OFFSET) + more);
  return concatBytes(header, new Uint8Array(POINT_BYTES * more).fill(0xff), proof.subarray(HEADER_BYTES));
}
