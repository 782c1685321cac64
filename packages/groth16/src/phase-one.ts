import { createHash, randomBytes } from "node:crypto";
import type { Curve } from "ffjavascript";
import * as snarkjs from "snarkjs";
import {
  CeremonyRefusedError,
  ErrorLog,
  InvalidTranscriptError,
  OwnContributionMissingError,
  fileToCheck,
} from "./ceremony.ts";
import { sharedCurve } from "./curve.ts";
import { hashFile, writeNewFile } from "./new-file.ts";
import { PointReader } from "./point-reader.ts";
import { BASE_FIELD_ORDER, POINT_BYTES, checkG1, checkG2 } from "./points.ts";
import { PUBLIC_CEREMONIES } from "./public-ceremonies.ts";
import { BinaryFileError, SectionFile } from "./sections.ts";

/** Neither a public ceremony of our list, nor does the checker claim a part in it. */
export class UnknownCeremonyError extends CeremonyRefusedError {
  constructor(file: string) {
    super(
      `${file} is no public ceremony file that zkcmp knows, and you named no contribution of your own to it`,
      "Use a powersOfTau28_hez_final file, or run a phase 1 to which both parties contribute",
    );
  }
}

/** One party alone knows tau, alpha and beta, and can forge under every key that is made from the file. */
export class OnePartyPhaseOneError extends CeremonyRefusedError {
  constructor(file: string) {
    super(`Only one party contributed to ${file}`, "Let the other party contribute too");
  }
}

/** The file lacks what a key is made from, or is a cut-out of a larger one whose transcript cannot be checked. */
export class UnpreparedPhaseOneError extends CeremonyRefusedError {
  constructor(file: string) {
    super(`${file} is not prepared for phase 2 in its full size`, "Prepare it when all parties have contributed");
  }
}

export interface PhaseOneContribution {
  /** SHA-256 over the contribution's public key (nine points), lower-case hexadecimal. */
  readonly hash: string;
  /** What the party called itself; nothing proves it. */
  readonly name: string;
  /** Derived from a public beacon: its secrets are known to everyone. */
  readonly beacon: boolean;
}

/** Why a phase 1 was accepted. */
export type AcceptedPhaseOne =
  | { readonly kind: "public"; readonly name: string; readonly power: number }
  | { readonly kind: "shared"; readonly power: number; readonly contributions: number };

/** Starts a phase 1 for circuits of up to 2^power constraints and public signals. Nobody has contributed yet. */
export async function newPhaseOne(path: string, power: number): Promise<void> {
  const curve = await sharedCurve();
  await writeNewFile(path, (temporary) => snarkjs.powersOfTau.newAccumulator(curve, power, temporary));
}

/**
 * Adds a contribution whose secrets come from the system's generator and are forgotten.
 * @param name at most 64 letters, readable by everyone
 * @returns the contribution's hash: keep it, it is what verifyPhaseOne finds your part by
 */
export async function contributePhaseOne(from: string, to: string, name: string): Promise<string> {
  await sharedCurve();
  await writeNewFile(to, (temporary) =>
    snarkjs.powersOfTau.contribute(from, temporary, name, randomBytes(64).toString("hex")),
  );
  const own = (await readPhaseOne(to)).contributions.at(-1);
  if (own === undefined) throw new InvalidTranscriptError(to, "the contribution was not written");
  return own.hash;
}

/**
 * Computes the Lagrange form that keys are made from. It takes long: seconds at power 8, about 7 minutes of one core at
 * power 14, and it grows by the number of points.
 */
export async function preparePhaseOne(from: string, to: string): Promise<void> {
  await sharedCurve();
  await writeNewFile(to, (temporary) => snarkjs.powersOfTau.preparePhase2(from, temporary));
}

/**
 * Accepts powers of tau that the checker has reason to trust: a public ceremony file, by its hash; or a file whose
 * transcript is right, with the checker's own contribution and at least one other party's.
 * @param own the hash that contributePhaseOne gave the checker; without it only public ceremonies are accepted
 * @throws {CeremonyRefusedError | BinaryFileError | PointError}
 */
export async function verifyPhaseOne(
  path: string,
  own?: string,
  publicCeremonies = PUBLIC_CEREMONIES,
): Promise<AcceptedPhaseOne> {
  const file = await readPhaseOne(path);
  const known = publicCeremonies.get(await hashFile(path, "blake2b512"));
  if (known !== undefined) return { kind: "public", ...known };

  if (own === undefined) throw new UnknownCeremonyError(path);
  const secret = file.contributions.filter((contribution) => !contribution.beacon).map(({ hash }) => hash);
  if (!secret.includes(own)) throw new OwnContributionMissingError(path);
  if (new Set(secret).size < 2) throw new OnePartyPhaseOneError(path);
  if (!file.prepared || !file.whole) throw new UnpreparedPhaseOneError(path);

  const log = new ErrorLog();
  if (!(await verifyTranscript(path, log))) throw new InvalidTranscriptError(path, log.reason);
  return { kind: "shared", power: file.power, contributions: secret.length };
}

/** The declared types of snarkjs give `verify` the parameters of an inner function. */
async function verifyTranscript(path: string, log: ErrorLog): Promise<boolean> {
  const verify = snarkjs.powersOfTau.verify as unknown as (
    file: string | Uint8Array,
    logger: object,
  ) => Promise<boolean>;
  try {
    return (await verify(await fileToCheck(path), log.logger)) === true;
  } catch (cause) {
    throw new InvalidTranscriptError(path, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

export interface PhaseOneFile {
  readonly power: number;
  /** Whether keys can be made from it. */
  readonly prepared: boolean;
  /** Whether it is not a cut-out of a larger ceremony. */
  readonly whole: boolean;
  readonly contributions: readonly PhaseOneContribution[];
}

/**
 * Reads header and contributions of a .ptau file.
 * @throws {BinaryFileError | PointError} also if a contribution has a point outside its group
 */
export async function readPhaseOne(path: string): Promise<PhaseOneFile> {
  const curve = await sharedCurve();
  const file = new SectionFile(path, "ptau", 1);
  try {
    const header = new PointReader(file, curve, file.read(1));
    if (header.unsigned() !== 32 || header.integer() !== BASE_FIELD_ORDER) {
      throw new BinaryFileError(path, "its curve is not BN254");
    }
    const [power, ceremonyPower] = [header.unsigned(), header.unsigned()];
    const prepared = [12, 13, 14, 15].every((section) => file.has(section));
    const reader = new PointReader(file, curve, file.read(7));
    const contributions = Array.from({ length: reader.count(POINT_BYTES.G1) }, (_, i) =>
      readContribution(reader, curve, `of contribution ${i + 1}`),
    );
    reader.end();
    return { power, prepared, whole: power === ceremonyPower, contributions };
  } finally {
    file.close();
  }
}

const PUBLIC_KEY_BYTES = 6 * POINT_BYTES.G1 + 3 * POINT_BYTES.G2;

function readContribution(reader: PointReader, curve: Curve, where: string): PhaseOneContribution {
  checkG1(reader.g1(), `tau G1 ${where}`);
  checkG2(curve, reader.g2(), `tau G2 ${where}`);
  checkG1(reader.g1(), `alpha G1 ${where}`);
  checkG1(reader.g1(), `beta G1 ${where}`);
  checkG2(curve, reader.g2(), `beta G2 ${where}`);
  const key = reader.bytes(PUBLIC_KEY_BYTES);
  for (let i = 0; i < 6; i++) {
    const at = i * POINT_BYTES.G1;
    checkG1(reader.toG1(key.subarray(at, at + POINT_BYTES.G1)), `${i} of the public key ${where}`);
  }
  for (let i = 0; i < 3; i++) {
    const at = 6 * POINT_BYTES.G1 + i * POINT_BYTES.G2;
    checkG2(curve, reader.toG2(key.subarray(at, at + POINT_BYTES.G2)), `${6 + i} of the public key ${where}`);
  }
  reader.bytes(216 + 64); // the hash states before and after the contribution
  return { hash: createHash("sha256").update(key).digest("hex"), ...reader.parameters() };
}
