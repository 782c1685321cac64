import { FIELD_ORDER, integerToBytes } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import type { Curve } from "ffjavascript";

/** q, the order of BN254's base field, in which the coordinates of points live. */
export const BASE_FIELD_ORDER = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/** An affine point of E(F_q): y^2 = x^3 + 3. The point at infinity is written (0, 0), as the EVM does. */
export interface G1Point {
  readonly x: bigint;
  readonly y: bigint;
}

export type GroupName = "G1" | "G2";

/** Bytes of an affine point in the form that ffjavascript and key files use. */
export const POINT_BYTES = { G1: 64, G2: 128 } as const;

/** c0 + c1 u with u^2 = -1. */
export type Fq2 = readonly [c0: bigint, c1: bigint];

/** An affine point of the twist E'(F_q2): y^2 = x^3 + 3/(9 + u). The point at infinity is written (0, 0). */
export interface G2Point {
  readonly x: Fq2;
  readonly y: Fq2;
}

export const G2_GENERATOR: G2Point = {
  x: [
    10857046999023057135944570762232829481370756359578518086990519993285655852781n,
    11559732032986387107991004021392285783925812861821192530917403151452391805634n,
  ],
  y: [
    8495653923123431417604973247489272438418190587263600148770280649306958101930n,
    4082367875863433681332203403145435568316851327593401208105741076214120093531n,
  ],
};

/** 3/(9 + u) */
const TWIST_B: Fq2 = [
  19485874751759354771024239261021720505790618469301721065564631296452457478373n,
  266929791119991161246907387137283842545076965332900288569378510910307636690n,
];

/** A point that is no point of its group, or not in its one encoding. */
export abstract class PointError extends ZkcmpError {
  /** Where the point stands, such as `A` of a proof or `IC[3]` of a key. */
  readonly point: string;

  constructor(point: string, problem: string) {
    super(`Point ${point} ${problem}`, "Do not use this key or proof; ask its maker for a correct one");
    this.point = point;
  }
}

/** A coordinate outside [0, q): a second encoding of a point. */
export class PointNotCanonicalError extends PointError {
  constructor(point: string) {
    super(point, "has a coordinate outside [0, q)");
  }
}

export class PointAtInfinityError extends PointError {
  constructor(point: string) {
    super(point, "is the point at infinity");
  }
}

export class PointNotOnCurveError extends PointError {
  constructor(point: string) {
    super(point, "does not lie on the curve");
  }
}

/** Only G2 has points on the curve outside the subgroup of order r. */
export class PointNotInSubgroupError extends PointError {
  constructor(point: string) {
    super(point, "lies outside the subgroup of order r");
  }
}

/**
 * Passes points of G1 without infinity in their canonical form. E(F_q) has order r, so there is no subgroup to check.
 * @throws {PointError}
 */
export function checkG1(point: G1Point, name: string): void {
  const { x, y } = point;
  if (!isCanonical(x) || !isCanonical(y)) throw new PointNotCanonicalError(name);
  if (x === 0n && y === 0n) throw new PointAtInfinityError(name);
  if (mod(y * y - x * x * x - 3n) !== 0n) throw new PointNotOnCurveError(name);
}

/**
 * Passes points of the subgroup G2 without infinity in their canonical form.
 * @throws {PointError}
 */
export function checkG2(curve: Curve, point: G2Point, name: string): void {
  const { x, y } = point;
  if (![...x, ...y].every(isCanonical)) throw new PointNotCanonicalError(name);
  if ([...x, ...y].every((coordinate) => coordinate === 0n)) throw new PointAtInfinityError(name);
  const left = multiplyFq2(y, y);
  const right = multiplyFq2(multiplyFq2(x, x), x);
  if (mod(left[0] - right[0] - TWIST_B[0]) !== 0n || mod(left[1] - right[1] - TWIST_B[1]) !== 0n) {
    throw new PointNotOnCurveError(name);
  }
  if (!curve.G2.isZero(curve.G2.timesScalar(g2ToBytes(curve, point), FIELD_ORDER))) {
    throw new PointNotInSubgroupError(name);
  }
}

export function equalG2(a: G2Point, b: G2Point): boolean {
  return a.x[0] === b.x[0] && a.x[1] === b.x[1] && a.y[0] === b.y[0] && a.y[1] === b.y[1];
}

/** -P; infinity stays infinity. */
export function negateG1(point: G1Point): G1Point {
  return { x: point.x, y: mod(-point.y) };
}

/** -P; infinity stays infinity. */
export function negateG2(point: G2Point): G2Point {
  return { x: point.x, y: [mod(-point.y[0]), mod(-point.y[1])] };
}

/** The 64 bytes (affine, Montgomery) that ffjavascript and zkey files use. The point must be canonical. */
export function g1ToBytes(curve: Curve, point: G1Point): Uint8Array {
  return curve.G1.fromObject([point.x, point.y]);
}

/** The 128 bytes (affine, Montgomery) that ffjavascript and zkey files use. The point must be canonical. */
export function g2ToBytes(curve: Curve, point: G2Point): Uint8Array {
  return curve.G2.fromObject([point.x, point.y]);
}

/** The inverse of g1ToBytes. */
export function g1FromBytes(curve: Curve, bytes: Uint8Array): G1Point {
  if (bytes.every((byte) => byte === 0)) return { x: 0n, y: 0n };
  const [x, y] = curve.G1.toObject(bytes) as [bigint, bigint];
  return { x, y };
}

/** The inverse of g2ToBytes. */
export function g2FromBytes(curve: Curve, bytes: Uint8Array): G2Point {
  if (bytes.every((byte) => byte === 0)) return { x: [0n, 0n], y: [0n, 0n] };
  const [x, y] = curve.G2.toObject(bytes) as [Fq2, Fq2];
  return { x: [x[0], x[1]], y: [y[0], y[1]] };
}

/** Big-endian coordinates in the order of the EVM's precompiles: x, y; of G2 the imaginary part first. */
export function g1ToBigEndian(point: G1Point): Uint8Array {
  return concatenate([point.x, point.y]);
}

/** See g1ToBigEndian. */
export function g2ToBigEndian(point: G2Point): Uint8Array {
  return concatenate([point.x[1], point.x[0], point.y[1], point.y[0]]);
}

function concatenate(coordinates: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(32 * coordinates.length);
  coordinates.forEach((coordinate, i) => bytes.set(integerToBytes(coordinate, 32), 32 * i));
  return bytes;
}

function isCanonical(coordinate: bigint): boolean {
  return coordinate >= 0n && coordinate < BASE_FIELD_ORDER;
}

function mod(value: bigint): bigint {
  const remainder = value % BASE_FIELD_ORDER;
  return remainder < 0n ? remainder + BASE_FIELD_ORDER : remainder;
}

function multiplyFq2(a: Fq2, b: Fq2): Fq2 {
  return [mod(a[0] * b[0] - a[1] * b[1]), mod(a[0] * b[1] + a[1] * b[0])];
}
