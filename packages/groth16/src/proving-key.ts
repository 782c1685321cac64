import { createHash } from "node:crypto";
import { FIELD_ORDER } from "@zkcmp/field/element";
import type { Curve } from "ffjavascript";
import { sharedCurve } from "./curve.ts";
import { PointReader } from "./point-reader.ts";
import { BASE_FIELD_ORDER, POINT_BYTES, type G1Point, type G2Point } from "./points.ts";
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
  readonly deltaAfter: G1Point;
  readonly s: G1Point;
  readonly sx: G1Point;
  readonly spx: G2Point;
}

/** What a .zkey file says about itself. Nothing of it is checked beyond the file's form. */
export interface ProvingKey {
  readonly wireCount: number;
  readonly publicCount: number;
  readonly domainSize: number;
  readonly verificationKey: VerificationKey;
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
    return { wireCount, publicCount, domainSize, verificationKey, contributions: readContributions(file, curve) };
  } finally {
    file.close();
  }
}

function readContributions(file: SectionFile, curve: Curve): KeyContribution[] {
  const reader = new PointReader(file, curve, file.read(10));
  reader.bytes(64); // the hash of the circuit
  const contributions = Array.from({ length: reader.count(POINT_BYTES.G1) }, () => readContribution(reader, curve));
  reader.end();
  return contributions;
}

function readContribution(reader: PointReader, curve: Curve): KeyContribution {
  const raw = {
    deltaAfter: reader.bytes(POINT_BYTES.G1),
    s: reader.bytes(POINT_BYTES.G1),
    sx: reader.bytes(POINT_BYTES.G1),
    spx: reader.bytes(POINT_BYTES.G2),
  };
  const transcript = reader.bytes(64);
  const { name, beacon } = reader.parameters();
  const hash = createHash("blake2b512");
  for (const point of [raw.deltaAfter, raw.s, raw.sx]) {
    const bytes = new Uint8Array(POINT_BYTES.G1);
    curve.G1.toRprUncompressed(bytes, 0, point);
    hash.update(bytes);
  }
  const bytes = new Uint8Array(POINT_BYTES.G2);
  curve.G2.toRprUncompressed(bytes, 0, raw.spx);
  hash.update(bytes).update(transcript);
  return {
    hash: hash.digest("hex"),
    name,
    beacon,
    deltaAfter: reader.toG1(raw.deltaAfter),
    s: reader.toG1(raw.s),
    sx: reader.toG1(raw.sx),
    spx: reader.toG2(raw.spx),
  };
}

function notBn254(file: SectionFile): BinaryFileError {
  return new BinaryFileError(file.name, "its curve is not BN254");
}
