/*
 * Kernels that multiply by one fixed element, given as the table of fixed-multiplier.ts:
 *   fold(from, to, low, high, step, fixed)  low += r (high - low); high moves on by `step` bytes, 0 for one zero
 *   addScaled(from, to, target, values, fixed)  target += r values
 *   double(from, to, low, high, fixed)  high = r low, low -= high: one more variable of an equality table
 */
import type { FieldEmitter } from "../field-emitter.ts";
import type { ModuleEmitter } from "../wasm/module.ts";
import { Cursor, forEach } from "./cursor.ts";

export function emitFold(module: ModuleEmitter, field: FieldEmitter): void {
  module.export("fold", 6, (f, from, to, lowBase, highBase, step, fixed) => {
    const multiplier = field.loadFixed(f, fixed);
    const [low, high] = [new Cursor(f, lowBase, from), new Cursor(f, highBase, from, step)];
    forEach(f, from, to, [low, high], () => {
      const start = field.keep(f, field.load(f, low.at));
      const difference = field.subtract(field.load(f, high.at), start);
      field.store(f, low.at, field.multiplyFixed(f, multiplier, difference, start));
    });
  });

  module.export("addScaled", 5, (f, from, to, target, values, fixed) => {
    const multiplier = field.loadFixed(f, fixed);
    const [sum, value] = [new Cursor(f, target, from), new Cursor(f, values, from)];
    forEach(f, from, to, [sum, value], () => {
      const old = field.load(f, sum.at);
      field.store(f, sum.at, field.multiplyFixed(f, multiplier, field.load(f, value.at), old));
    });
  });

  module.export("double", 5, (f, from, to, lowBase, highBase, fixed) => {
    const multiplier = field.loadFixed(f, fixed);
    const [low, high] = [new Cursor(f, lowBase, from), new Cursor(f, highBase, from)];
    forEach(f, from, to, [low, high], () => {
      const whole = field.keep(f, field.load(f, low.at));
      const part = field.multiplyFixed(f, multiplier, whole);
      field.store(f, high.at, part);
      field.store(f, low.at, field.carry(f, field.subtract(whole, part)));
    });
  });
}
