import { bytesToInteger, FIELD_ORDER } from "@zkcmp/field/element";
import { g1FromBytes, g1ToBigEndian, g2FromBytes, g2ToBigEndian } from "@zkcmp/groth16/points";
import { id } from "ethers";
import { buildBn128, type Curve } from "ffjavascript";

/**
 * A verification key whose secrets are known, as those of an honest ceremony are to nobody. Whoever knows them proves
 * any public signals without a circuit: so the tests of the contract get a valid proof of whatever they want in
 * milliseconds, and the verifier under test is the real one.
 */

export type Words2 = [bigint, bigint];
export type Words4 = [bigint, bigint, bigint, bigint];
export type Words8 = [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];

/** The contract's struct VerificationKey. */
export interface KeyWords {
  readonly alpha: Words2;
  readonly beta: Words4;
  readonly gamma: Words4;
  readonly delta: Words4;
  readonly ic: Words2[];
}

const secret = (name: string): bigint => BigInt(id(name)) % FIELD_ORDER;
const alpha = secret("alpha");
const beta = secret("beta");
const delta = secret("delta");
/** Gamma is the generator, as in every honest key. */
const ic = Array.from({ length: 9 }, (_, index) => secret(`ic ${index}`));

let curve: Curve | undefined;

/** The curve without worker threads, so that nothing has to be ended. */
export async function singleThread(): Promise<Curve> {
  return (curve ??= await buildBn128(true));
}

/** scalar times the generator of G1, as the precompiles write it. */
export async function g1(scalar: bigint): Promise<Words2> {
  const { G1 } = await singleThread();
  const point = g1FromBytes(await singleThread(), G1.toAffine(G1.timesScalar(G1.g, scalar)));
  return wordsOf(g1ToBigEndian(point)) as Words2;
}

/** scalar times the generator of G2, as the precompiles write it. */
export async function g2(scalar: bigint): Promise<Words4> {
  const { G2 } = await singleThread();
  const point = g2FromBytes(await singleThread(), G2.toAffine(G2.timesScalar(G2.g, scalar)));
  return wordsOf(g2ToBigEndian(point)) as Words4;
}

export async function trapdoorKey(): Promise<KeyWords> {
  return {
    alpha: await g1(alpha),
    beta: await g2(beta),
    gamma: await g2(1n),
    delta: await g2(delta),
    ic: await Promise.all(ic.map(g1)),
  };
}

/**
 * A valid proof of any signals.
 * @param seed another one gives another proof of the same signals
 */
export async function proveWithTrapdoor(signals: readonly bigint[], seed = "proof"): Promise<Words8> {
  return proofFrom(signals, secret(`${seed} a`), secret(`${seed} b`));
}

/** The valid proof with A = a G and B = b G: C = (a b - alpha beta - sum of inputs) / delta G. */
export async function proofFrom(signals: readonly bigint[], a: bigint, b: bigint): Promise<Words8> {
  const c = modulo((a * b - target(signals)) * inverse(delta));
  return [...(await g1(a)), ...(await g2(b)), ...(await g1(c))];
}

/** The b of the valid proof with A = a G and C at infinity. */
export function bWithoutC(signals: readonly bigint[], a: bigint): bigint {
  return modulo(target(signals) * inverse(a));
}

/** alpha beta + sum of inputs, what A B - C delta has to be. */
function target(signals: readonly bigint[]): bigint {
  return signals.reduce((sum, signal, index) => sum + signal * ic[index + 1]!, alpha * beta + ic[0]!);
}

/** 1/x mod r */
export function inverse(x: bigint): bigint {
  let [result, base] = [1n, modulo(x)];
  for (let rest = FIELD_ORDER - 2n; rest > 0n; rest >>= 1n, base = (base * base) % FIELD_ORDER) {
    if (rest & 1n) result = (result * base) % FIELD_ORDER;
  }
  return result;
}

function modulo(x: bigint): bigint {
  return ((x % FIELD_ORDER) + FIELD_ORDER) % FIELD_ORDER;
}

function wordsOf(bytes: Uint8Array): bigint[] {
  return Array.from({ length: bytes.length / 32 }, (_, i) => bytesToInteger(bytes.subarray(32 * i, 32 * (i + 1))));
}
