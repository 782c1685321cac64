/** The part of ffjavascript that this package uses; the library itself ships no types. */
declare module "ffjavascript" {
  /** Field elements and points are bytes: little-endian words in Montgomery form; points affine (x, y) or Jacobian. */
  export interface Field {
    readonly n8: number;
    /** `w[k]` is a root of unity of order 2^k (scalar field only). */
    readonly w: readonly Uint8Array[];
  }

  export interface Group {
    readonly g: Uint8Array;
    readonly gAffine: Uint8Array;
    /** From affine coordinates; reduces silently, so check that they are canonical before. */
    fromObject(coordinates: readonly unknown[]): Uint8Array;
    /** Affine coordinates and a third one. */
    toObject(point: Uint8Array): unknown[];
    toAffine(point: Uint8Array): Uint8Array;
    toRprUncompressed(out: Uint8Array, offset: number, point: Uint8Array): void;
    add(a: Uint8Array, b: Uint8Array): Uint8Array;
    neg(point: Uint8Array): Uint8Array;
    eq(a: Uint8Array, b: Uint8Array): boolean;
    isZero(point: Uint8Array): boolean;
    /** The scalar is given as little-endian bytes or as an integer. */
    timesScalar(point: Uint8Array, scalar: Uint8Array | bigint): Uint8Array;
    /** A point of the subgroup of order r, hashed from the generator's stream. */
    fromRng(generator: ChaCha): Uint8Array;
    /** Sum of scalar times affine point; scalars are 32 little-endian bytes each. */
    multiExpAffine(points: Uint8Array, scalars: Uint8Array): Promise<Uint8Array>;
  }

  export interface Curve {
    readonly Fr: Field;
    readonly G1: Group;
    readonly G2: Group;
    /** The code of the WebAssembly module; an instance without threads keeps it. */
    readonly tm: { readonly code: Uint8Array };
    /** Whether the product of the pairings e(g1, g2) of the given pairs is one. */
    pairingEq(...points: Uint8Array[]): Promise<boolean>;
    terminate(): Promise<void>;
  }

  /** The ChaCha20 stream of a key of eight words. */
  export class ChaCha {
    constructor(key: readonly number[]);
    nextU32(): number;
  }

  /** With `singleThread` a fresh instance without workers, else the one that is shared through `globalThis`. */
  export function buildBn128(singleThread?: boolean): Promise<Curve>;
}
