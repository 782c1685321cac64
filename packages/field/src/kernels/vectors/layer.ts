/*
 * Kernels for the layers of data-parallel circuits. Copies lie one after another, `copy` bytes each.
 *   applyLayer(from, to, table, copy, out, outputs, constants,
 *              productStarts, left, right, productCoefficients, linearStarts, inputs, linearCoefficients)
 *   layerRound(from, to, low, high, highStep, copy, slots, equality, linear, starts, columns, weights, out)
 *     two sums over copies c of equality[c] times: the gate on low_c, and the gate without its linear part on high_c - low_c;
 *     high moves on by highStep bytes a copy, 0 for one copy of zeros
 * Both group gates by one operand or by output: one unreduced inner product a group, so that fan-out costs no reductions.
 */
import type { FieldEmitter } from "../field-emitter.ts";
import { ELEMENT_BYTES, LIMBS } from "../limbs.ts";
import { ProductSum } from "../product-sum.ts";
import type { I32 } from "../wasm/expression.ts";
import type { FunctionEmitter } from "../wasm/function.ts";
import type { ModuleEmitter } from "../wasm/module.ts";
import { Cursor, forEach } from "./cursor.ts";
import { SparseRows } from "./sparse.ts";

export function emitLayer(module: ModuleEmitter, field: FieldEmitter): void {
  module.export("applyLayer", 14, (f, from, to, ...values) => {
    const [table, copy, out, outputs, constants, productStarts, left, right, productCoefficients] = values;
    const [linearStarts, inputs, linearCoefficients] = values.slice(9);
    const row = new Cursor(f, table!, from, copy);
    const target = new Cursor(f, out!, from.multiply(outputs!));
    const total = new ProductSum(field, f);
    forEach(f, from, to, [row], () => {
      const products = new SparseRows(f, field, 0, productStarts!, [left!, right!], productCoefficients!);
      const linear = new SparseRows(f, field, 0, linearStarts!, [inputs!], linearCoefficients!);
      const constant = new Cursor(f, constants!, 0);
      f.repeat(outputs!, () => {
        total.reset();
        products.next((coefficient, leftOffset, rightOffset) => {
          const scaled = field.multiply(f, coefficient, field.load(f, f.keep(row.at.add(rightOffset!))));
          total.add([scaled, field.load(f, f.keep(row.at.add(leftOffset!)))]);
        });
        linear.next((coefficient, offset) => {
          total.add([coefficient, field.load(f, f.keep(row.at.add(offset!)))]);
        });
        field.store(f, target.at, total.total(field.load(f, constant.at)));
        constant.advance();
        target.advance();
      });
    });
  });

  module.export("layerRound", 13, (f, from, to, low, high, highStep, copy, slots, ...values) => {
    const [equality, linear, starts, columns, weights, out] = values;
    const rows = [new Cursor(f, low, from, copy), new Cursor(f, high, from, highStep), new Cursor(f, equality!, from)];
    const [lowRow, highRow, factor] = rows;
    const [inner, innerStep, gate, gateStep, atZero, atInfinity] = Array.from(
      { length: 6 },
      () => new ProductSum(field, f),
    );
    forEach(f, from, to, rows, () => {
      gate!.reset();
      gateStep!.reset();
      const pattern = new SparseRows(f, field, 0, starts!, [columns!], weights!);
      const [lowSlot, highSlot] = [new Cursor(f, lowRow!.at, 0), new Cursor(f, highRow!.at, 0)];
      const linearWeight = new Cursor(f, linear!, 0);
      f.repeat(slots, () => {
        inner!.reset();
        innerStep!.reset();
        const count = f.keep(pattern.count);
        pattern.next((weight, column) => {
          const kept = field.keep(f, weight);
          const value = field.keep(f, field.load(f, f.keep(lowRow!.at.add(column!))));
          const end = field.load(f, f.keep(highRow!.at.add(column!)));
          inner!.add([kept, value]);
          innerStep!.add([kept, field.subtract(end, value)]);
        });
        const start = field.keep(f, field.load(f, lowSlot.at));
        f.if(
          count,
          () => {
            gate!.add([start, inner!.total(field.load(f, linearWeight.at))]);
            gateStep!.add([field.subtract(field.load(f, highSlot.at), start), innerStep!.total()]);
          },
          () => {
            // Slots beyond the used ones have no weight at all.
            f.if(isZeroAt(f, linearWeight.at).isZero(), () => gate!.add([start, field.load(f, linearWeight.at)]));
          },
        );
        for (const cursor of [lowSlot, highSlot, linearWeight]) cursor.advance();
      });
      const equal = field.keep(f, field.load(f, factor!.at));
      atZero!.add([equal, gate!.total()]);
      atInfinity!.add([equal, gateStep!.total()]);
    });
    field.store(f, out!, atZero!.total());
    field.store(f, out!, atInfinity!.total(), ELEMENT_BYTES);
  });
}

/** 1 if all limbs in memory are zero; another multiple of the prime is not recognised. */
function isZeroAt(f: FunctionEmitter, address: I32): I32 {
  const limbs = Array.from({ length: LIMBS }, (_, i) => f.loadIndex(address, 4 * i));
  return limbs.reduce((bits, limb) => bits.or(limb)).isZero();
}
