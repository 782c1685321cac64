import { FIELD_BYTES, FIELD_ORDER } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import { type R1cs, TERM_BYTES } from "./r1cs.ts";
import type { WasmEngine } from "./wasm-engine.ts";

/** Bytes of one coefficient in a zkey: matrix, constraint, wire (4 each) and the value. */
const COEFFICIENT_BYTES = 12 + FIELD_BYTES;

/** BN254's scalar field has roots of unity of order 2^28; the quotient polynomial needs twice the domain. */
const MAXIMAL_POWER = 27;

export class CircuitTooLargeError extends ZkcmpError {
  constructor(constraintCount: number) {
    super(
      `${constraintCount} constraints do not fit a domain of 2^${MAXIMAL_POWER}`,
      "Use a smaller network or fewer rows",
    );
  }
}

/** The scalars of a proving key, 32 little-endian bytes each, and its coefficient section. */
export interface QapValues {
  readonly domainSize: number;
  /** A_s(tau) and B_s(tau) for every wire s. */
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  /** beta A_s + alpha B_s + C_s, for private wires divided by delta. */
  readonly k: Uint8Array;
  /** The Lagrange polynomials of the odd points of the doubled domain at tau, divided by delta. */
  readonly h: Uint8Array;
  /** Section 4 of a zkey: a count and the terms of A and B, values times R^2 for the Montgomery radix R. */
  readonly coefficients: Uint8Array;
}

/** log2 of the domain: the smallest power of two above constraints plus public signals. */
export function domainPower(constraintCount: number, publicCount: number): number {
  const power = Math.ceil(Math.log2(constraintCount + publicCount + 1));
  if (power > MAXIMAL_POWER) throw new CircuitTooLargeError(constraintCount);
  return power;
}

/**
 * Evaluates the quadratic arithmetic program of a circuit at a known tau, as snarkjs' setup does behind the curve: row i
 * is constraint i, and the rows after the last constraint bind the public signals.
 * The engine's memory holds the constraints afterwards; use the engine for nothing large again.
 */
export function evaluateQap(
  engine: WasmEngine,
  r1cs: R1cs,
  secrets: { readonly tau: bigint; readonly alpha: bigint; readonly beta: bigint; readonly delta: bigint },
): QapValues {
  const kernel = (name: string) => engine.kernel(`frm_${name}`);
  const [add, mul] = [kernel("add"), kernel("mul")];
  const constant = (value: bigint) => engine.place(littleEndian(value));
  const montgomery = (value: bigint) => constant(modulo(value * R));

  const power = domainPower(r1cs.constraintCount, r1cs.publicCount);
  const domainSize = 2 ** power;
  const inverseDelta = raise(secrets.delta, FIELD_ORDER - 2n);
  const [alpha, beta, oneOverDelta] = [montgomery(secrets.alpha), montgomery(secrets.beta), montgomery(inverseDelta)];
  const rCubed = constant(modulo(R * R * R));
  const one = constant(1n);

  // Lagrange values are kept in Montgomery form: times a plain coefficient they give a plain product.
  const lagrange = lagrangeAt(engine, secrets.tau, power, 0, 1n);
  const h = lagrangeAt(engine, secrets.tau, power + 1, 1, inverseDelta);
  kernel("batchFromMontgomery")(h, domainSize, h);

  const constraints = engine.place(r1cs.constraints);
  const sums = engine.reserve(3 * r1cs.wireCount * FIELD_BYTES);
  const matrixBytes = r1cs.wireCount * FIELD_BYTES;
  const product = engine.reserve(FIELD_BYTES);
  const memory = engine.memory();
  memory.fill(0, sums, sums + 3 * matrixBytes);
  const view = new DataView(memory.buffer);

  const coefficientCount = r1cs.termCounts[0] + r1cs.termCounts[1] + r1cs.publicCount + 1;
  const coefficients = new Uint8Array(4 + coefficientCount * COEFFICIENT_BYTES);
  const coefficientView = new DataView(coefficients.buffer);
  coefficientView.setUint32(0, coefficientCount, true);
  let out = 4;
  const writeCoefficient = (matrix: number, row: number, wire: number): void => {
    coefficientView.setUint32(out, matrix, true);
    coefficientView.setUint32(out + 4, row, true);
    coefficientView.setUint32(out + 8, wire, true);
    coefficients.set(memory.subarray(product, product + FIELD_BYTES), out + 12);
    out += COEFFICIENT_BYTES;
  };

  for (let i = 0; i < r1cs.offsets.length; i++) {
    const row = Math.floor(i / 3);
    const matrix = i % 3;
    const start = constraints + (r1cs.offsets[i] as number);
    const end = start + 4 + view.getUint32(start, true) * TERM_BYTES;
    const rowValue = lagrange + row * FIELD_BYTES;
    const matrixSums = sums + matrix * matrixBytes;
    for (let at = start + 4; at < end; at += TERM_BYTES) {
      const wire = view.getUint32(at, true);
      const sum = matrixSums + wire * FIELD_BYTES;
      mul(at + 4, rowValue, product);
      add(sum, product, sum);
      if (matrix === 2) continue;
      mul(at + 4, rCubed, product);
      writeCoefficient(matrix, row, wire);
    }
  }
  for (let signal = 0; signal <= r1cs.publicCount; signal++) {
    const row = r1cs.constraintCount + signal;
    mul(one, lagrange + row * FIELD_BYTES, product);
    add(sums + signal * FIELD_BYTES, product, sums + signal * FIELD_BYTES);
    mul(one, rCubed, product);
    writeCoefficient(0, row, signal);
  }

  const [a, b] = [sums, sums + matrixBytes];
  const k = sums + 2 * matrixBytes;
  for (let wire = 0; wire < r1cs.wireCount; wire++) {
    const at = wire * FIELD_BYTES;
    mul(a + at, beta, product);
    add(k + at, product, k + at);
    mul(b + at, alpha, product);
    add(k + at, product, k + at);
    if (wire > r1cs.publicCount) mul(k + at, oneOverDelta, k + at);
  }
  const copy = (address: number, bytes: number) => engine.memory().slice(address, address + bytes);
  return {
    domainSize,
    a: copy(a, matrixBytes),
    b: copy(b, matrixBytes),
    k: copy(k, matrixBytes),
    h: copy(h, domainSize * FIELD_BYTES),
    coefficients,
  };
}

/**
 * factor * L_i(tau) for the domain of size n = 2^power, in Montgomery form: i = 0, 1, 2, ... for `odd` = 0,
 * i = 1, 3, 5, ... for `odd` = 1. L_i(tau) = w^i (tau^n - 1) / (n (tau - w^i)).
 */
function lagrangeAt(engine: WasmEngine, tau: bigint, power: number, odd: 0 | 1, factor: bigint): number {
  const kernel = (name: string) => engine.kernel(`frm_${name}`);
  const [mul, sub, copy, batchInverse] = [kernel("mul"), kernel("sub"), kernel("copy"), kernel("batchInverse")];
  const size = 2n ** BigInt(power);
  const count = 2 ** (power - odd);
  const numerator = modulo((raise(tau, size) - 1n) * raise(size, FIELD_ORDER - 2n) * factor);
  const root = rootOfUnity(power);

  const points = engine.reserve(count * FIELD_BYTES);
  const values = engine.reserve(count * FIELD_BYTES);
  const step = engine.place(littleEndian(modulo((odd === 1 ? root * root : root) * R)));
  const at = engine.place(littleEndian(modulo(tau * R)));
  const scale = engine.place(littleEndian(modulo(numerator * R)));
  const first = engine.place(littleEndian(modulo((odd === 1 ? root : 1n) * R)));
  copy(first, points);
  for (let i = 1; i < count; i++) mul(points + (i - 1) * FIELD_BYTES, step, points + i * FIELD_BYTES);
  for (let i = 0; i < count; i++) sub(at, points + i * FIELD_BYTES, values + i * FIELD_BYTES);
  for (let from = 0; from < count; from += INVERSION_BLOCK) {
    const block = values + from * FIELD_BYTES;
    batchInverse(block, FIELD_BYTES, Math.min(INVERSION_BLOCK, count - from), block, FIELD_BYTES);
  }
  for (let i = 0; i < count; i++) {
    const value = values + i * FIELD_BYTES;
    mul(value, points + i * FIELD_BYTES, value);
    mul(value, scale, value);
  }
  return values;
}

/** A root of unity of order 2^power, the same that snarkjs uses: a power of the smallest non-residue, 5. */
function rootOfUnity(power: number): bigint {
  return raise(5n, (FIELD_ORDER - 1n) >> BigInt(power));
}

/** Elements inverted together, limited by the engine's scratch space. */
const INVERSION_BLOCK = 2 ** 16;

/** The Montgomery radix of the kernels. */
const R = 1n << 256n;

function modulo(value: bigint): bigint {
  const remainder = value % FIELD_ORDER;
  return remainder < 0n ? remainder + FIELD_ORDER : remainder;
}

function raise(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = modulo(base), rest = exponent; rest > 0n; rest >>= 1n, square = modulo(square * square)) {
    if (rest & 1n) result = modulo(result * square);
  }
  return result;
}

function littleEndian(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(64, "0"), "hex").reverse();
}
