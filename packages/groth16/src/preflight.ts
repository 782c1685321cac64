import { availableParallelism, freemem } from "node:os";
import { ZkcmpError } from "@zkcmp/field/error";
import { POINT_BYTES } from "./points.ts";
import { domainPower } from "./qap.ts";
import { type R1cs, TERM_BYTES } from "./r1cs.ts";

/** The size of a circuit, read from its constraint system or foreseen before it is compiled. */
export interface CircuitSize {
  readonly constraintCount: number;
  readonly wireCount: number;
  readonly publicCount: number;
  /** Non-zero coefficients of the matrices A and B, and of all three. */
  readonly proverTerms: number;
  readonly allTerms: number;
}

/** What setup and proof of a circuit will take. Times are for the cores of this computer, and rough. */
export interface Preflight {
  readonly constraintCount: number;
  /** The domain has 2^domainPower rows; powers of tau of this size are needed. */
  readonly domainPower: number;
  /** Exact. */
  readonly zkeyBytes: number;
  /** Peak of the hungriest step. */
  readonly memoryBytes: number;
  readonly developmentKeySeconds: number;
  /** One party's share of phase 2: make or check the key, and contribute to it. */
  readonly ceremonySeconds: number;
  /** With a witness of mostly bits, and with one of mostly large field elements. */
  readonly proofSeconds: readonly [least: number, most: number];
}

export interface PreflightLimits {
  /** By default three quarters of the memory that is free now. */
  readonly memoryBytes?: number;
  /** By default 20: beyond it the libraries' 32-bit memory ends. */
  readonly domainPower?: number;
}

/** The circuit is too large for this computer or for Groth16 in WebAssembly. Nothing has been started. */
export class PreflightError extends ZkcmpError {
  readonly preflight: Preflight;

  constructor(problem: string, preflight: Preflight) {
    super(
      `${problem}: ${describePreflight(preflight)}`,
      "Prove a random sample of the rows, sell a network with fewer weights, or hold a round of fewer providers",
    );
    this.preflight = preflight;
  }
}

export function circuitSize(r1cs: R1cs): CircuitSize {
  const [a, b, c] = r1cs.termCounts;
  return {
    constraintCount: r1cs.constraintCount,
    wireCount: r1cs.wireCount,
    publicCount: r1cs.publicCount,
    proverTerms: a + b,
    allTerms: a + b + c,
  };
}

const MEBIBYTE = 2 ** 20;

/**
 * Measured on two cores of an AMD EPYC (Zen 5) with Node 24.21 and snarkjs 0.7.6 on circuits of 16,000 to 260,000
 * constraints, chains of Poseidon(2) and products of 8-bit words. Seconds are core seconds where every core works.
 */
const MEASURED = {
  developmentKey: { fixed: 1.5, g1Point: 1.2e-5, g2Point: 3.6e-5 },
  ceremonyPerConstraint: 2.6e-3,
  proof: { fixed: 0.6, bitWire: 2.1e-5, denseWire: 1.1e-4, domainRow: 2.4e-5, term: 1.1e-6 },
  proverMemory: { fixed: 200 * MEBIBYTE, perZkeyByte: 4.6 },
  setupMemory: { fixed: 190 * MEBIBYTE, perZkeyByte: 1, perR1csByte: 2 },
} as const;

/** Foresees setup and proof. Throws CircuitTooLargeError where no domain is large enough. */
export function estimate(size: CircuitSize, cores = availableParallelism()): Preflight {
  const power = domainPower(size.constraintCount, size.publicCount);
  const domainSize = 2 ** power;
  const zkeyBytes = keyBytes(size, domainSize);
  const { developmentKey, proof, proverMemory, setupMemory } = MEASURED;
  const g1Points = 3 * size.wireCount + domainSize;
  const serial = proof.term * size.proverTerms;
  const rows = proof.domainRow * domainSize;
  return {
    constraintCount: size.constraintCount,
    domainPower: power,
    zkeyBytes,
    memoryBytes: Math.max(
      proverMemory.fixed + proverMemory.perZkeyByte * zkeyBytes,
      setupMemory.fixed + setupMemory.perZkeyByte * zkeyBytes + setupMemory.perR1csByte * size.allTerms * TERM_BYTES,
    ),
    developmentKeySeconds:
      developmentKey.fixed +
      (developmentKey.g1Point * g1Points + developmentKey.g2Point * size.wireCount) / cores +
      1.5e-7 * size.allTerms,
    ceremonySeconds: (MEASURED.ceremonyPerConstraint * size.constraintCount) / cores + 1,
    proofSeconds: [
      proof.fixed + serial + (proof.bitWire * size.wireCount + rows) / cores,
      proof.fixed + serial + (proof.denseWire * size.wireCount + rows) / cores,
    ],
  };
}

/**
 * Refuses circuits that would fail after long work.
 * @throws {PreflightError}
 */
export function preflight(size: CircuitSize, limits: PreflightLimits = {}): Preflight {
  const result = estimate(size);
  const maximalPower = limits.domainPower ?? 20;
  if (result.domainPower > maximalPower) {
    throw new PreflightError(`The circuit is larger than 2^${maximalPower} constraints`, result);
  }
  const memory = limits.memoryBytes ?? 0.75 * freemem();
  if (result.memoryBytes > memory) {
    throw new PreflightError(`The circuit needs more than ${gibibytes(memory)} of memory`, result);
  }
  return result;
}

/** One line for people. */
export function describePreflight(result: Preflight): string {
  const [least, most] = result.proofSeconds;
  return (
    `${result.constraintCount.toLocaleString("en-US")} constraints (domain 2^${result.domainPower}), ` +
    `key file ${gibibytes(result.zkeyBytes)}, memory ${gibibytes(result.memoryBytes)}, ` +
    `development key ${minutes(result.developmentKeySeconds)}, ceremony ${minutes(result.ceremonySeconds)} a party, ` +
    `proof ${minutes(least)} to ${minutes(most)}`
  );
}

/** Header, input points, coefficients, points, contributions of none: see development-key.ts. */
function keyBytes({ wireCount, publicCount, proverTerms }: CircuitSize, domainSize: number): number {
  const inputs = publicCount + 1;
  const header = 4 + 84 + 3 * POINT_BYTES.G1 + 3 * POINT_BYTES.G2;
  const coefficients = 4 + 44 * (proverTerms + inputs);
  const points = POINT_BYTES.G1 * (3 * wireCount + domainSize) + POINT_BYTES.G2 * wireCount;
  return 12 + 10 * 12 + header + coefficients + points + 68;
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}

function minutes(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
