import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { FIELD_BYTES, FIELD_ORDER, fieldFromBytes } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import type { Curve } from "ffjavascript";
import { type FixedBaseJob, multiplyGenerators } from "./fixed-base-pool.ts";
import { loadKernels } from "./kernels.ts";
import { writeNewFile } from "./new-file.ts";
import { BASE_FIELD_ORDER, POINT_BYTES } from "./points.ts";
import { type QapValues, evaluateQap } from "./qap.ts";
import { type R1cs, readR1cs } from "./r1cs.ts";
import { type Kernels, WasmEngine } from "./wasm-engine.ts";

/** Every development key's file name ends so. */
export const DEVELOPMENT_KEY_SUFFIX = ".development.zkey";

/** The file of a development key must say in its name what it is. */
export class DevelopmentKeyNameError extends ZkcmpError {
  constructor(path: string) {
    super(`A development key cannot be written to ${path}`, `Let the file name end in ${DEVELOPMENT_KEY_SUFFIX}`);
  }
}

/** What a ceremony would keep secret from everyone. Here it is public and the same for all circuits. */
export interface KnownSecrets {
  readonly tau: bigint;
  readonly alpha: bigint;
  readonly beta: bigint;
  readonly delta: bigint;
}

/** The secrets of all development keys: SHA-256 of a fixed label each, modulo r. */
export function developmentSecrets(): KnownSecrets {
  const secret = (name: string) =>
    fieldFromBytes(createHash("sha256").update(`zkcmp/development-key/v1/${name}`).digest());
  return { tau: secret("tau"), alpha: secret("alpha"), beta: secret("beta"), delta: secret("delta") };
}

/**
 * Writes the development key of a circuit: a Groth16 proving key in snarkjs' zkey format (version 1) whose secrets are
 * fixed and public, so that it takes seconds, needs no powers of tau and comes out byte for byte the same everywhere.
 * Whoever has the circuit can forge proofs under it. Every verifier of this project refuses it by its delta, except on
 * development chains.
 * @param zkeyPath ends in `.development.zkey` and does not exist yet
 * @throws {DevelopmentKeyNameError | FileExistsError | BinaryFileError}
 */
export async function writeDevelopmentKey(
  r1csPath: string,
  zkeyPath: string,
  onProgress: (fraction: number) => void = () => undefined,
): Promise<void> {
  if (!zkeyPath.endsWith(DEVELOPMENT_KEY_SUFFIX)) throw new DevelopmentKeyNameError(zkeyPath);
  const r1cs = await readR1cs(r1csPath);
  await writeNewFile(zkeyPath, (temporary) => writeKnownKey(r1cs, temporary, developmentSecrets(), onProgress));
}

/**
 * Writes the key that belongs to known secrets (Groth16, eprint 2016/260, section 3.2, with gamma = 1).
 * Tests make keys of unknown delta with it.
 */
export async function writeKnownKey(
  r1cs: R1cs,
  path: string,
  secrets: KnownSecrets,
  onProgress: (fraction: number) => void = () => undefined,
): Promise<void> {
  const { kernels, curve } = await loadKernels();
  const qap = evaluateQap(new WasmEngine(kernels), r1cs, secrets);
  onProgress(0.1);
  const file = await open(path, "wx");
  try {
    await writeSections(file, kernels, r1cs, qap, keyHeader(curve, r1cs, qap.domainSize, secrets), (fraction) =>
      onProgress(0.1 + 0.9 * fraction),
    );
  } finally {
    await file.close();
  }
}

async function writeSections(
  file: FileHandle,
  kernels: Kernels,
  r1cs: R1cs,
  qap: QapValues,
  header: Buffer,
  onProgress: (fraction: number) => void,
): Promise<void> {
  const { G1, G2 } = POINT_BYTES;
  const inputs = r1cs.publicCount + 1;
  // The 64 bytes stand where a ceremony has the hash of its circuit; the count of contributions is zero.
  const contributions = Buffer.concat([
    createHash("sha512").update("zkcmp development key, not for money").digest(),
    Buffer.alloc(4),
  ]);
  const sizes = [
    4,
    header.length,
    inputs * G1,
    qap.coefficients.length,
    r1cs.wireCount * G1,
    r1cs.wireCount * G1,
    r1cs.wireCount * G2,
    (r1cs.wireCount - inputs) * G1,
    qap.domainSize * G1,
    contributions.length,
  ];
  const starts: number[] = [];
  let end = 12;
  for (const size of sizes) {
    starts.push(end + 12);
    end += 12 + size;
  }
  const start = (section: number) => starts[section - 1] as number;

  const magic = Buffer.alloc(12);
  magic.write("zkey", "latin1");
  magic.writeUInt32LE(1, 4);
  magic.writeUInt32LE(sizes.length, 8);
  await file.write(magic, 0, 12, 0);
  for (const [i, size] of sizes.entries()) {
    const frame = Buffer.alloc(12);
    frame.writeUInt32LE(i + 1, 0);
    frame.writeBigUInt64LE(BigInt(size), 4);
    await file.write(frame, 0, 12, (starts[i] as number) - 12);
  }
  const protocol = Buffer.from([1, 0, 0, 0]);
  await file.write(protocol, 0, 4, start(1));
  await file.write(header, 0, header.length, start(2));
  await writeAll(file, qap.coefficients, start(4));
  await file.write(contributions, 0, contributions.length, start(10));

  const writes: Promise<void>[] = [];
  const job = (group: "G1" | "G2", scalars: Uint8Array, section: number): FixedBaseJob => ({
    group,
    scalars,
    receive: (points, index) => writes.push(writeAll(file, points, start(section) + index * POINT_BYTES[group])),
  });
  const jobs = [
    job("G2", qap.b, 7),
    job("G1", qap.a, 5),
    job("G1", qap.b, 6),
    job("G1", qap.k.subarray(0, inputs * FIELD_BYTES), 3),
    job("G1", qap.k.subarray(inputs * FIELD_BYTES), 8),
    job("G1", qap.h, 9),
  ];
  await multiplyGenerators(kernels, jobs, (done, all) => onProgress(done / all));
  await Promise.all(writes);
}

function keyHeader({ G1, G2 }: Curve, r1cs: R1cs, domainSize: number, secrets: KnownSecrets): Buffer {
  const counts = Buffer.alloc(12);
  counts.writeUInt32LE(r1cs.wireCount, 0);
  counts.writeUInt32LE(r1cs.publicCount, 4);
  counts.writeUInt32LE(domainSize, 8);
  const times = (group: typeof G1, secret: bigint) => group.toAffine(group.timesScalar(group.g, secret));
  return Buffer.concat([
    Buffer.from([32, 0, 0, 0]),
    littleEndian(BASE_FIELD_ORDER),
    Buffer.from([32, 0, 0, 0]),
    littleEndian(FIELD_ORDER),
    counts,
    times(G1, secrets.alpha),
    times(G1, secrets.beta),
    times(G2, secrets.beta),
    G2.gAffine,
    times(G1, secrets.delta),
    times(G2, secrets.delta),
  ]);
}

function littleEndian(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, "0"), "hex").reverse();
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  const step = 1 << 28;
  for (let at = 0; at < bytes.length; at += step) {
    const length = Math.min(step, bytes.length - at);
    let done = 0;
    while (done < length)
      done += (await file.write(bytes, at + done, length - done, position + at + done)).bytesWritten;
  }
}
