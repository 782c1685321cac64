import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { ZkcmpError } from "@zkcmp/field/error";
import * as z from "zod";
import { sharedCurve } from "./curve.ts";
import { DEVELOPMENT_DELTA } from "./development-delta.ts";
import {
  type G1Point,
  G2_GENERATOR,
  type G2Point,
  checkG1,
  checkG2,
  equalG2,
  g1ToBigEndian,
  g2ToBigEndian,
} from "./points.ts";

/** A Groth16 verification key as somebody handed it over. Only checkVerificationKey makes it one to verify with. */
export interface VerificationKey {
  readonly alpha: G1Point;
  readonly beta: G2Point;
  readonly gamma: G2Point;
  readonly delta: G2Point;
  /** One point for the constant and one for every public signal. */
  readonly ic: readonly G1Point[];
}

declare const checkedBrand: unique symbol;

/** A verification key that passed every check of checkVerificationKey. It is frozen. */
export type CheckedVerificationKey = VerificationKey & { readonly [checkedBrand]: true };

/** A key that must not be used to verify anything. */
export class VerificationKeyRefusedError extends ZkcmpError {
  constructor(problem: string, fix = "Ask for a key from a ceremony in which you took part") {
    super(problem, fix);
  }
}

/** The JSON is not a verification key in snarkjs' format. */
export class VerificationKeyFormatError extends VerificationKeyRefusedError {
  constructor(problem: string) {
    super(`This is no Groth16 verification key over BN254: ${problem}`, "Export the key again from its .zkey file");
  }
}

/** Nobody contributed to phase 2: A = alpha, B = beta and C = -(sum of IC) is then a proof of anything. */
export class DeltaEqualsGammaError extends VerificationKeyRefusedError {
  constructor() {
    super("The key's delta equals its gamma (up to sign): it has no contribution and proves nothing");
  }
}

/** With L the sum of IC: A = alpha + L (or alpha - L), B = beta and C = 0 is then a proof of anything. */
export class BetaEqualsGammaError extends VerificationKeyRefusedError {
  constructor() {
    super("The key's beta equals its gamma (up to sign): it proves nothing");
  }
}

/** With L the sum of IC: A = L, B = gamma and C = -alpha (or alpha) is then a proof of anything. */
export class BetaEqualsDeltaError extends VerificationKeyRefusedError {
  constructor() {
    super("The key's beta equals its delta (up to sign): it proves nothing");
  }
}

/** All honest keys have the generator as gamma. With another one, its maker might know a relation between gamma and delta. */
export class GammaNotGeneratorError extends VerificationKeyRefusedError {
  constructor() {
    super("The key's gamma is not the generator of G2");
  }
}

export class DevelopmentKeyError extends VerificationKeyRefusedError {
  constructor() {
    super("This is a development key, under which anyone can forge proofs");
  }
}

export class PublicCountError extends VerificationKeyRefusedError {
  constructor(expected: number, actual: number) {
    super(`The key is for ${actual} public signals, the circuit has ${expected}`, "Use the key of this very circuit");
  }
}

/** Two public signals with one point (or opposite ones): the proof binds only their sum (or difference). */
export class EqualInputPointsError extends VerificationKeyRefusedError {
  constructor(first: number, second: number) {
    super(`IC[${first}] and IC[${second}] of the key are equal up to sign`);
  }
}

const coordinate = z.string().regex(/^(0|[1-9][0-9]*)$/, "not a decimal number");
const g1 = z.tuple([coordinate, coordinate, z.enum(["0", "1"])]);
const g2 = z.tuple([
  z.tuple([coordinate, coordinate]),
  z.tuple([coordinate, coordinate]),
  z.tuple([z.enum(["0", "1"]), z.literal("0")]),
]);
const schema = z.object({
  protocol: z.literal("groth16"),
  curve: z.literal("bn128"),
  nPublic: z.int().nonnegative(),
  vk_alpha_1: g1,
  vk_beta_2: g2,
  vk_gamma_2: g2,
  vk_delta_2: g2,
  IC: z.array(g1),
});

/** A verification key in snarkjs' JSON format, without the redundant vk_alphabeta_12. */
export type VerificationKeyJson = z.infer<typeof schema>;

/**
 * Reads snarkjs' JSON format. A product of pairings that it may contain is ignored.
 * @throws {VerificationKeyFormatError}
 */
export function parseVerificationKey(json: unknown): VerificationKey {
  const result = schema.safeParse(json);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new VerificationKeyFormatError(`${issue?.path.join(".") || "the value"} is wrong (${issue?.message})`);
  }
  const key = result.data;
  if (key.IC.length !== key.nPublic + 1) {
    throw new VerificationKeyFormatError(`IC has ${key.IC.length} points for ${key.nPublic} public signals`);
  }
  return {
    alpha: fromG1Json(key.vk_alpha_1),
    beta: fromG2Json(key.vk_beta_2),
    gamma: fromG2Json(key.vk_gamma_2),
    delta: fromG2Json(key.vk_delta_2),
    ic: key.IC.map(fromG1Json),
  };
}

/** The inverse of parseVerificationKey; snarkjs verifies with it. */
export function verificationKeyToJson(key: VerificationKey): VerificationKeyJson {
  return {
    protocol: "groth16",
    curve: "bn128",
    nPublic: key.ic.length - 1,
    vk_alpha_1: toG1Json(key.alpha),
    vk_beta_2: toG2Json(key.beta),
    vk_gamma_2: toG2Json(key.gamma),
    vk_delta_2: toG2Json(key.delta),
    IC: key.ic.map(toG1Json),
  };
}

/** SHA-256 over all points in their canonical big-endian form, lower-case hexadecimal. */
export function verificationKeyHash(key: VerificationKey): string {
  const hash = sha256.create().update(utf8ToBytes("zkcmp/verification-key/v1"));
  hash.update(g1ToBigEndian(key.alpha));
  for (const point of [key.beta, key.gamma, key.delta]) hash.update(g2ToBigEndian(point));
  for (const point of key.ic) hash.update(g1ToBigEndian(point));
  return bytesToHex(hash.digest());
}

/**
 * Refuses every verification key whose form alone shows that it does not bind its proofs or its public signals. That a key
 * belongs to a circuit, and that nobody knows its secrets, is for verifyKey (phase-two.ts) to check.
 * @param options.development whether development keys are accepted: on development chains only
 * @param options.publicCount how many public signals the circuit has
 * @throws {VerificationKeyRefusedError | PointError}
 */
export async function checkVerificationKey(
  key: VerificationKey,
  options: { readonly development: boolean; readonly publicCount: number },
): Promise<CheckedVerificationKey> {
  if (key.ic.length !== options.publicCount + 1) throw new PublicCountError(options.publicCount, key.ic.length - 1);
  const curve = await sharedCurve();
  checkG1(key.alpha, "alpha");
  checkG2(curve, key.beta, "beta");
  checkG2(curve, key.gamma, "gamma");
  checkG2(curve, key.delta, "delta");
  key.ic.forEach((point, i) => checkG1(point, `IC[${i}]`));
  if (haveOneX(key.delta, key.gamma)) throw new DeltaEqualsGammaError();
  if (haveOneX(key.beta, key.gamma)) throw new BetaEqualsGammaError();
  if (haveOneX(key.beta, key.delta)) throw new BetaEqualsDeltaError();
  if (!equalG2(key.gamma, G2_GENERATOR)) throw new GammaNotGeneratorError();
  if (!options.development && isDevelopmentKey(key)) throw new DevelopmentKeyError();
  requireDistinct(key.ic);
  return freeze(key) as CheckedVerificationKey;
}

/** Whether the key has the public delta of development keys. */
export function isDevelopmentKey(key: VerificationKey): boolean {
  return haveOneX(key.delta, DEVELOPMENT_DELTA);
}

/** Points with one abscissa are equal or opposite. */
function haveOneX({ x: [a, b] }: G2Point, { x: [c, d] }: G2Point): boolean {
  return a === c && b === d;
}

function requireDistinct(points: readonly G1Point[]): void {
  const seen = new Map<bigint, number>();
  points.forEach((point, i) => {
    const first = seen.get(point.x);
    if (first !== undefined) throw new EqualInputPointsError(first, i);
    seen.set(point.x, i);
  });
}

/** A copy that nobody can change after the checks. */
function freeze(key: VerificationKey): VerificationKey {
  const copyG1 = ({ x, y }: G1Point): G1Point => Object.freeze({ x, y });
  const copyG2 = ({ x, y }: G2Point): G2Point =>
    Object.freeze({ x: Object.freeze([x[0], x[1]] as const), y: Object.freeze([y[0], y[1]] as const) });
  return Object.freeze({
    alpha: copyG1(key.alpha),
    beta: copyG2(key.beta),
    gamma: copyG2(key.gamma),
    delta: copyG2(key.delta),
    ic: Object.freeze(key.ic.map(copyG1)),
  });
}

function fromG1Json([x, y, z]: z.infer<typeof g1>): G1Point {
  return z === "0" ? { x: 0n, y: 0n } : { x: BigInt(x), y: BigInt(y) };
}

function fromG2Json([x, y, z]: z.infer<typeof g2>): G2Point {
  if (z[0] === "0") return { x: [0n, 0n], y: [0n, 0n] };
  return { x: [BigInt(x[0]), BigInt(x[1])], y: [BigInt(y[0]), BigInt(y[1])] };
}

function toG1Json({ x, y }: G1Point): z.infer<typeof g1> {
  return x === 0n && y === 0n ? ["0", "1", "0"] : [`${x}`, `${y}`, "1"];
}

function toG2Json({ x, y }: G2Point): z.infer<typeof g2> {
  if ([...x, ...y].every((value) => value === 0n)) {
    return [
      ["0", "0"],
      ["1", "0"],
      ["0", "0"],
    ];
  }
  return [
    [`${x[0]}`, `${x[1]}`],
    [`${y[0]}`, `${y[1]}`],
    ["1", "0"],
  ];
}
