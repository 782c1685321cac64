import { concatBytes } from "@noble/hashes/utils.js";
import { bytesToInteger } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import * as z from "zod";
import { type G1Point, type G2Point, g1ToBigEndian, g2ToBigEndian } from "./points.ts";

/** A Groth16 proof. Nothing is checked about its points; verify.ts does. */
export interface Proof {
  readonly a: G1Point;
  readonly b: G2Point;
  readonly c: G1Point;
}

/** Bytes of an encoded proof. */
export const PROOF_BYTES = 256;

/** Not the encoding of a proof. */
export class ProofFormatError extends ZkcmpError {
  constructor(problem: string) {
    super(`This is no Groth16 proof: ${problem}`, "Ask the prover for the proof again");
  }
}

/**
 * Eight big-endian words of 32 bytes in the order of the EVM's pairing precompile (EIP-197): a.x, a.y, b.x imaginary,
 * b.x real, b.y imaginary, b.y real, c.x, c.y.
 */
export function encodeProof(proof: Proof): Uint8Array {
  return concatBytes(g1ToBigEndian(proof.a), g2ToBigEndian(proof.b), g1ToBigEndian(proof.c));
}

/**
 * The inverse of encodeProof. Coordinates of q and above are kept as they are, for the verifier to refuse.
 * @throws {ProofFormatError} unless there are exactly 256 bytes
 */
export function decodeProof(bytes: Uint8Array): Proof {
  if (bytes.length !== PROOF_BYTES)
    throw new ProofFormatError(`it has ${bytes.length} bytes in place of ${PROOF_BYTES}`);
  const word = (i: number) => bytesToInteger(bytes.subarray(32 * i, 32 * (i + 1)));
  return {
    a: { x: word(0), y: word(1) },
    b: { x: [word(3), word(2)], y: [word(5), word(4)] },
    c: { x: word(6), y: word(7) },
  };
}

const coordinate = z.string().regex(/^(0|[1-9][0-9]{0,77})$/, "not a decimal number");
const g1 = z.tuple([coordinate, coordinate, z.literal("1")]);
const pair = z.tuple([coordinate, coordinate]);
const schema = z.object({
  protocol: z.literal("groth16"),
  curve: z.literal("bn128"),
  pi_a: g1,
  pi_b: z.tuple([pair, pair, z.tuple([z.literal("1"), z.literal("0")])]),
  pi_c: g1,
});

/** A proof in snarkjs' JSON format. */
export type ProofJson = z.infer<typeof schema>;

/** @throws {ProofFormatError} */
export function proofFromJson(json: unknown): Proof {
  const result = schema.safeParse(json);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new ProofFormatError(`${issue?.path.join(".") || "the value"} is wrong (${issue?.message})`);
  }
  const { pi_a: a, pi_b: b, pi_c: c } = result.data;
  return {
    a: { x: BigInt(a[0]), y: BigInt(a[1]) },
    b: { x: [BigInt(b[0][0]), BigInt(b[0][1])], y: [BigInt(b[1][0]), BigInt(b[1][1])] },
    c: { x: BigInt(c[0]), y: BigInt(c[1]) },
  };
}

export function proofToJson({ a, b, c }: Proof): ProofJson {
  return {
    protocol: "groth16",
    curve: "bn128",
    pi_a: [`${a.x}`, `${a.y}`, "1"],
    pi_b: [
      [`${b.x[0]}`, `${b.x[1]}`],
      [`${b.y[0]}`, `${b.y[1]}`],
      ["1", "0"],
    ],
    pi_c: [`${c.x}`, `${c.y}`, "1"],
  };
}
