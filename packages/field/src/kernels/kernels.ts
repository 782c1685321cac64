import type { FieldElement } from "../element.ts";

/** Elements of F_r in the kernels' memory. Reading gives canonical values, whatever the representation inside. */
export interface FieldVector {
  readonly kind: "field";
  readonly length: number;
}

/** Small integers in the kernels' memory, as they came in: a quarter to a ninth of the memory and the time of {@link FieldVector}. */
export interface SmallVector {
  readonly kind: "small";
  readonly length: number;
}

/** Positions in other vectors, each below 2^32. */
export interface IndexVector {
  readonly kind: "index";
  readonly length: number;
}

/** Points of BN254's G1 in the kernels' memory. */
export interface PointVector {
  readonly kind: "points";
  readonly length: number;
}

/** A point of G1 in affine coordinates modulo q; (0, 0) stands for the neutral element, as in EIP-196. */
export interface AffinePoint {
  readonly x: bigint;
  readonly y: bigint;
}

/**
 * A sparse matrix in compressed rows: row i holds the entries starts[i] to starts[i + 1] - 1, entry e stands in column
 * columns[e]. Its coefficients are kept apart, because a sumcheck weighs one pattern anew in every layer.
 */
export interface SparsePattern {
  /** rows + 1 positions, rising. */
  readonly starts: IndexVector;
  readonly columns: IndexVector;
}

/** One layer of a data-parallel circuit over one table of copies x slots, every copy wired alike. */
export interface LayerWiring {
  readonly outputs: number;
  /** Product gates sorted by output: row = output, columns = left operand. */
  readonly products: SparsePattern;
  /** The right operand of each product gate, in the order of `products`. */
  readonly right: IndexVector;
  readonly productCoefficients: FieldVector;
  readonly linear: SparsePattern;
  readonly linearCoefficients: FieldVector;
  /** `outputs` constants, added in every copy. */
  readonly constants: FieldVector;
}

/** A quadratic round message p(t) = atZero + ... + atInfinity t^2 without its middle: p(1) follows from the claim. */
export interface RoundMessage {
  readonly atZero: FieldElement;
  /** The coefficient of t^2. */
  readonly atInfinity: FieldElement;
}

/**
 * Arithmetic on vectors over BN254's scalar field and on points of its G1: what provers and verifiers spend their time
 * on. `createKernels` (create-kernels.ts) gives the WebAssembly ones, `createReferenceKernels` (reference-kernels.ts)
 * plain BigInt ones, which every kernel is tested against.
 *
 * Tables are row-major. Index bits are bound from the most significant one: with `half` a power of two times the row's
 * length, entry i meets entry i + half. A table may be shorter than 2 half; what is missing is zero, so padding costs
 * nothing. All operations are synchronous; vectors die with the {@link scope} in which they were made, views
 * with what they are views of.
 *
 * All operations throw KernelArgumentError if a vector's scope has ended, if other kernels made it, or if arguments do not belong
 * together, and KernelTrapError if a kernel has a mistake: what the operation was to write is undefined then, all else is as before.
 */
export interface Kernels {
  readonly threads: number;

  /** Runs the body, which is synchronous, and frees every vector made in it. Vectors made before stay, and so do changes to them. */
  scope<T>(body: () => T): T;
  /** Ends the worker threads. */
  dispose(): Promise<void>;

  zeros(length: number): FieldVector;
  fromField(values: readonly FieldElement[]): FieldVector;
  fromSmall(values: Uint8Array | Uint16Array | Int8Array | Int16Array | Int32Array): SmallVector;
  fromIndices(values: Uint32Array): IndexVector;
  /** The same integers as field elements, negative ones modulo r. */
  expand(values: SmallVector): FieldVector;
  toField(values: FieldVector): FieldElement[];
  element(values: FieldVector, index: number): FieldElement;
  /** Overwrites entries start, start + stride, ... */
  write(target: FieldVector, start: number, stride: number, values: readonly FieldElement[]): void;
  copy(values: FieldVector): FieldVector;
  /** The same memory, not a copy. */
  view(values: FieldVector, start: number, length: number): FieldVector;

  /** target += factor * values, entry by entry; `values` may be shorter. */
  addScaled(target: FieldVector, factor: FieldElement, values: FieldVector): void;
  multiply(left: FieldVector, right: FieldVector): FieldVector;
  innerProduct(left: FieldVector, right: FieldVector): FieldElement;
  /** coefficients[e] * values[indices[e]] */
  gatherMultiply(coefficients: FieldVector, values: FieldVector, indices: IndexVector): FieldVector;
  /** scale * eq(point, i) for all i below 2^point.length; point[0] belongs to the most significant bit. */
  equality(point: readonly FieldElement[], scale?: FieldElement): FieldVector;
  /** Row vector times matrix: sum over rows i of weights[i] * matrix[i][j]. `weights` may be longer than there are rows. */
  combineRows(matrix: FieldVector | SmallVector, columns: number, weights: FieldVector): FieldVector;
  /** Matrix times column vector: for each row the sum over j of matrix[i][j] * weights[j]. `weights` has `columns` entries. */
  combineColumns(matrix: FieldVector | SmallVector, columns: number, weights: FieldVector): FieldVector;
  /** For each row of the pattern the sum of coefficient * vector[column]. */
  sparseProduct(pattern: SparsePattern, coefficients: FieldVector, vector: FieldVector): FieldVector;
  /** The next layer's table, copies x wiring.outputs, from a table of copies x slots. */
  applyLayer(table: FieldVector, slots: number, wiring: LayerWiring): FieldVector;

  /** table[i] += r (table[i + half] - table[i]) in place; gives the view of the entries that are left. */
  fold(table: FieldVector, half: number, r: FieldElement): FieldVector;
  /** The same of small integers, into a new vector. Bytes need not be expanded for it. */
  foldSmall(table: SmallVector, half: number, r: FieldElement): FieldVector;
  /** Of p(t) = sum over i < half of f_i(t) g_i(t), f_i(t) = f[i] + t (f[i + half] - f[i]), g likewise. */
  productRound(f: FieldVector, g: FieldVector, half: number): RoundMessage;
  /**
   * Of q(t) = sum over copies c < half of equality[c] * gate(V_c(t)), V_c(t) = table[c] + t (table[c + half] - table[c]), with
   * gate(v) = sum over slots x of v_x (linear[x] + sum over entries e of row x of weights[e] * v_column(e)).
   * @param table bytes take a tenth of the time
   * @param half copies, not entries
   */
  layerRound(
    table: FieldVector | SmallVector,
    slots: number,
    half: number,
    equality: FieldVector,
    linear: FieldVector,
    pattern: SparsePattern,
    weights: FieldVector,
  ): RoundMessage;

  /** Points without known relations: hash-to-curve of (label, index), index from 0. The same label gives the same points. */
  generators(label: string, count: number): PointVector;
  fromPoints(points: readonly AffinePoint[]): PointVector;
  toPoints(points: PointVector): AffinePoint[];
  viewPoints(points: PointVector, start: number, length: number): PointVector;
  selectPoints(points: PointVector, indices: Uint32Array): PointVector;
  concatPoints(parts: readonly PointVector[]): PointVector;
  /** 32 bytes a point: big-endian x, the top bit set when y is odd; the neutral element is 32 zero bytes. */
  compress(points: PointVector): Uint8Array;
  /** @throws {PointEncodingError} naming the first place that is no canonical encoding of a point */
  decompress(bytes: Uint8Array): PointVector;
  /** The sum of scalars[i] * points[i]; any points, also equal, opposite and neutral ones. */
  multiScalar(points: PointVector, scalars: FieldVector): AffinePoint;
  /**
   * For each row start[row] + the sum of the generators whose bit is set. `bits` is rows x generators.length of 0 and 1, row-major;
   * the last row may be cut short.
   */
  commitBits(generators: PointVector, bits: Uint8Array, start: PointVector): PointVector;
}
