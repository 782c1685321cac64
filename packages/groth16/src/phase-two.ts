import { randomBytes } from "node:crypto";
import * as snarkjs from "snarkjs";
import {
  CeremonyRefusedError,
  ErrorLog,
  InvalidTranscriptError,
  OwnContributionMissingError,
  fileToCheck,
} from "./ceremony.ts";
import { sharedCurve } from "./curve.ts";
import { checkKeyTranscript } from "./key-transcript.ts";
import { hashFile, writeNewFile } from "./new-file.ts";
import { type AcceptedPhaseOne, UnpreparedPhaseOneError, readPhaseOne, verifyPhaseOne } from "./phase-one.ts";
import { readProvingKey } from "./proving-key.ts";
import { domainPower } from "./qap.ts";
import { readR1cs } from "./r1cs.ts";
import { type CheckedVerificationKey, checkVerificationKey } from "./verification-key.ts";

/** A key to which nobody contributed has delta = gamma, and everyone can forge under it. */
export class KeyWithoutContributionError extends CeremonyRefusedError {
  constructor(file: string) {
    super(`Nobody contributed to the key ${file}`, "Let both parties contribute to it");
  }
}

/** The powers of tau are for smaller circuits. */
export class PhaseOneTooSmallError extends CeremonyRefusedError {
  constructor(file: string, power: number, needed: number) {
    super(`${file} is for circuits of 2^${power}, this circuit needs 2^${needed}`, "Use powers of tau of that size");
  }
}

/** The file changed while it was checked. */
export class KeyChangedError extends CeremonyRefusedError {
  constructor(file: string) {
    super(`${file} changed while it was checked`, "Check it again when nothing writes to it");
  }
}

export interface KeyFiles {
  /** The circuit, as the checker's own compiler made it. */
  readonly r1cs: string;
  /** Prepared powers of tau. */
  readonly ptau: string;
  readonly zkey: string;
}

export interface VerifiedKey {
  readonly verificationKey: CheckedVerificationKey;
  readonly r1csSha256: string;
  readonly zkeySha256: string;
  readonly phaseOne: AcceptedPhaseOne;
  /** Names and hashes of all contributions, in their order. */
  readonly contributions: readonly { readonly name: string; readonly hash: string }[];
}

/**
 * Starts the phase 2 of a circuit from prepared powers of tau. Nobody has contributed yet: the key is worthless until then.
 * @throws {UnpreparedPhaseOneError | PhaseOneTooSmallError | InvalidTranscriptError | BinaryFileError | FileExistsError}
 */
export async function newKey({ r1cs, ptau, zkey }: KeyFiles): Promise<void> {
  const circuit = await readR1cs(r1cs);
  const needed = domainPower(circuit.constraintCount, circuit.publicCount);
  const { power, prepared } = await readPhaseOne(ptau);
  if (!prepared) throw new UnpreparedPhaseOneError(ptau);
  if (needed > power) throw new PhaseOneTooSmallError(ptau, power, needed);
  const log = new ErrorLog();
  const [constraints, powers] = await Promise.all([r1cs, ptau].map(fileToCheck));
  await writeNewFile(zkey, async (temporary) => {
    const hash = await snarkjs.zKey.newZKey(constraints, powers, temporary, log.logger);
    if (hash === -1) throw new InvalidTranscriptError(ptau, log.reason);
  });
}

/**
 * Adds a contribution whose secret comes from the system's generator and is forgotten.
 * @param name at most 64 letters, readable by everyone
 * @returns the contribution's hash (BLAKE2b-512, hexadecimal): keep it, it is what verifyKey finds your part by
 */
export async function contributeKey(from: string, to: string, name: string): Promise<string> {
  await sharedCurve();
  const hash = await writeNewFile<Uint8Array>(to, (temporary) =>
    snarkjs.zKey.contribute(from, temporary, name, randomBytes(64).toString("hex")),
  );
  return Buffer.from(hash).toString("hex");
}

/**
 * Accepts a key under which, to the checker's own knowledge, nobody can forge: it follows from the circuit and from
 * accepted powers of tau, and the checker's own contribution is in the chain (eprint 2017/1050, section 6). A key made
 * with one buyer therefore convinces no other buyer.
 * @param own the hashes that contributeKey and, unless the powers of tau are public, contributePhaseOne gave the checker
 * @throws {CeremonyRefusedError | VerificationKeyRefusedError | PointError | BinaryFileError}
 */
export async function verifyKey(
  files: KeyFiles,
  own: { readonly key: string; readonly phaseOne?: string },
): Promise<VerifiedKey> {
  const zkeySha256 = await hashFile(files.zkey, "sha256");
  const r1csSha256 = await hashFile(files.r1cs, "sha256");
  const circuit = await readR1cs(files.r1cs);
  const key = await readProvingKey(files.zkey);
  if (key.contributions.length === 0) throw new KeyWithoutContributionError(files.zkey);
  if (!key.contributions.some(({ hash, beacon }) => hash === own.key && !beacon)) {
    throw new OwnContributionMissingError(files.zkey);
  }
  const verificationKey = await checkVerificationKey(key.verificationKey, {
    development: false,
    publicCount: circuit.publicCount,
  });
  await checkKeyTranscript(await sharedCurve(), files.zkey, key);
  await verifySections(files);
  const phaseOne = await verifyPhaseOne(files.ptau, own.phaseOne);
  if ((await hashFile(files.zkey, "sha256")) !== zkeySha256) throw new KeyChangedError(files.zkey);
  return {
    verificationKey,
    r1csSha256,
    zkeySha256,
    phaseOne,
    contributions: key.contributions.map(({ name, hash }) => ({ name, hash })),
  };
}

/** Everything else in the key: that it follows from circuit and powers of tau, and carries the delta of its chain. */
async function verifySections({ r1cs, ptau, zkey }: KeyFiles): Promise<void> {
  const log = new ErrorLog();
  const [circuit, powers, key] = await Promise.all([r1cs, ptau, zkey].map(fileToCheck));
  let valid: boolean;
  try {
    valid = await snarkjs.zKey.verifyFromR1cs(circuit, powers, key, log.logger);
  } catch (cause) {
    throw new InvalidTranscriptError(zkey, cause instanceof Error ? cause.message : String(cause), { cause });
  }
  if (valid !== true) throw new InvalidTranscriptError(zkey, log.reason);
}
