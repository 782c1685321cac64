import { createHash } from "node:crypto";
import { FIELD_ORDER } from "@zkcmp/field/element";
import type { Curve } from "ffjavascript";
import { sharedCurve } from "./curve.ts";
import { PointReader } from "./point-reader.ts";
import { BASE_FIELD_ORDER, POINT_BYTES, type G1Point, type G2Point, g1ToBigEndian, g2ToBigEndian } from "./points.ts";
import { BinaryFileError, SectionFile } from "./sections.ts";
import type { VerificationKey } from "./verification-key.ts";

/** One party's entry in the chain of phase 2. */
export interface KeyContribution {
  /** BLAKE2b-512 over the contribution's points and transcript, lower-case hexadecimal: what snarkjs shows as its hash. */
  readonly hash: string;
  /** What the party called itself; nothing proves it. */
  readonly name: string;
  /** Derived from a public beacon: its secret is known to everyone. */
  readonly beacon: boolean;
  /** The key's delta after this contribution, in G1. */
  readonly deltaAfter: G1Point;
  /** A random point and its multiple by the contributed secret; the secret's multiple of a hashed point of G2. */
  readonly s: G1Point;
  readonly sx: G1Point;
  readonly spx: G2Point;
  /** BLAKE2b-512 over the circuit's hash, all contributions before, s and sx. */
  readonly transcript: Uint8Array;
}

/** What a .zkey file says about itself. Nothing of it is checked beyond the file's form. */
export interface ProvingKey {
  readonly wireCount: number;
  readonly publicCount: number;
  readonly domainSize: number;
  readonly verificationKey: VerificationKey;
  /** BLAKE2b-512 over the key as it was before the first contribution. */
  readonly circuitHash: Uint8Array;
  readonly contributions: readonly KeyContribution[];
}

/**
 * Reads header, verification key and contributions of a Groth16 proving key in snarkjs' format.
 * @throws {BinaryFileError} if it is missing, damaged, of another curve or proof system
 */
export async function readProvingKey(source: string | Uint8Array): Promise<ProvingKey> {
  const curve = await sharedCurve();
  const file = new SectionFile(source, "zkey", 1);
  try {
    if (Buffer.from(file.read(1)).readUInt32LE(0) !== 1) throw new BinaryFileError(file.name, "it is no Groth16 key");
    const reader = new PointReader(file, curve, file.read(2));
    if (reader.unsigned() !== 32 || reader.integer() !== BASE_FIELD_ORDER) throw notBn254(file);
    if (reader.unsigned() !== 32 || reader.integer() !== FIELD_ORDER) throw notBn254(file);
    const [wireCount, publicCount, domainSize] = [reader.unsigned(), reader.unsigned(), reader.unsigned()];
    const alpha = reader.g1();
    reader.g1(); // beta in G1, which only the prover uses
    const beta = reader.g2();
    const gamma = reader.g2();
    reader.g1(); // delta in G1, likewise
    const delta = reader.g2();
    const inputs = new PointReader(file, curve, file.read(3));
    const ic = Array.from({ length: publicCount + 1 }, () => inputs.g1());
    const verificationKey: VerificationKey = { alpha, beta, gamma, delta, ic };
    return { wireCount, publicCount, domainSize, verificationKey, ...readContributions(file, curve) };
  } finally {
    file.close();
  }
}

function readContributions(file: SectionFile, curve: Curve): Pick<ProvingKey, "circuitHash" | "contributions"> {
  const reader = new PointReader(file, curve, file.read(10));
  const circuitHash = reader.bytes(64);
  const contributions = Array.from({ length: reader.count(POINT_BYTES.G1) }, () => readContribution(reader));
  reader.end();
  return { circuitHash, contributions };
}

function readContribution(reader: PointReader): KeyContribution {
  const points = { deltaAfter: reader.g1(), s: reader.g1(), sx: reader.g1(), spx: reader.g2() };
  const transcript = reader.bytes(64);
  const hash = createHash("blake2b512")
    .update(contributionBytes({ ...points, transcript }))
    .digest("hex");
  return { hash, ...reader.parameters(), ...points, transcript };
}

/** What the hashes of phase 2 run over: the points in their big-endian form and the transcript. */
export function contributionBytes(
  contribution: Pick<KeyContribution, "deltaAfter" | "s" | "sx" | "spx" | "transcript">,
): Uint8Array {
  const { deltaAfter, s, sx, spx, transcript } = contribution;
  return Buffer.concat([...[deltaAfter, s, sx].map(g1ToBigEndian), g2ToBigEndian(spx), transcript]);
}

function notBn254(file: SectionFile): BinaryFileError {
  return new BinaryFileError(file.name, "its curve is not BN254");
}
