/*
 * sparseProduct(from, to, starts, columns, coefficients, vector, out): for each row of a sparse pattern the sum of
 * coefficient * vector[column].
 */
import type { Element } from "../element-emitter.ts";
import type { FieldEmitter } from "../field-emitter.ts";
import { ELEMENT_BYTES } from "../limbs.ts";
import { ProductSum } from "../product-sum.ts";
import type { I32 } from "../wasm/expression.ts";
import type { FunctionEmitter } from "../wasm/function.ts";
import type { ModuleEmitter } from "../wasm/module.ts";
import { Cursor, forEach } from "./cursor.ts";

/** Bytes of an index. */
export const INDEX_BYTES = 4;

/** Walks through the entries of successive rows of a sparse pattern. */
export class SparseRows {
  readonly #f: FunctionEmitter;
  readonly #field: FieldEmitter;
  readonly #start: Cursor;
  readonly #cursors: readonly Cursor[];
  readonly #coefficient: Cursor;

  /** @param indices lists that run along with the entries: columns, and right operands for product gates */
  constructor(
    f: FunctionEmitter,
    field: FieldEmitter,
    from: I32 | number,
    starts: I32,
    indices: readonly I32[],
    coefficients: I32,
  ) {
    this.#f = f;
    this.#field = field;
    this.#start = new Cursor(f, starts, from, INDEX_BYTES);
    const first = f.keep(f.loadIndex(this.#start.at));
    this.#cursors = indices.map((base) => new Cursor(f, base, first, INDEX_BYTES));
    this.#coefficient = new Cursor(f, coefficients, first);
  }

  /** Entries of the row that comes next. */
  get count(): I32 {
    const starts = this.#start.at;
    return this.#f.loadIndex(starts, INDEX_BYTES).subtract(this.#f.loadIndex(starts));
  }

  /** Runs over the next row: the body gets the coefficient, where it lies, and the offsets in bytes that its indices stand for. */
  next(body: (coefficient: Element, ...offsets: I32[]) => void): void {
    const f = this.#f;
    f.repeat(this.count, () => {
      const offsets = this.#cursors.map((cursor) => f.keep(f.loadIndex(cursor.at).multiply(ELEMENT_BYTES)));
      body(this.#field.load(f, this.#coefficient.at), ...offsets);
      for (const cursor of [...this.#cursors, this.#coefficient]) cursor.advance();
    });
    this.#start.advance();
  }
}

export function emitSparse(module: ModuleEmitter, field: FieldEmitter): void {
  module.export("sparseProduct", 7, (f, from, to, starts, columns, coefficients, vector, out) => {
    const rows = new SparseRows(f, field, from, starts, [columns], coefficients);
    const target = new Cursor(f, out, from);
    const total = new ProductSum(field, f);
    forEach(f, from, to, [target], () => {
      total.reset();
      rows.next((coefficient, column) => {
        total.add([coefficient, field.load(f, f.keep(vector.add(column!)))]);
      });
      field.store(f, target.at, total.total());
    });
  });
}
