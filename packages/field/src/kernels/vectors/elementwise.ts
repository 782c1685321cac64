/*
 * Kernels with one multiplication an entry:
 *   multiply(from, to, left, right, out)
 *   gatherMultiply(from, to, coefficients, values, indices, out)  coefficients[e] * values[indices[e]]
 */
import type { FieldEmitter } from "../field-emitter.ts";
import { ELEMENT_BYTES } from "../limbs.ts";
import type { ModuleEmitter } from "../wasm/module.ts";
import { Cursor, forEach } from "./cursor.ts";
import { INDEX_BYTES } from "./sparse.ts";

export function emitElementwise(module: ModuleEmitter, field: FieldEmitter): void {
  module.export("multiply", 5, (f, from, to, left, right, out) => {
    const cursors = [left, right, out].map((base) => new Cursor(f, base, from));
    const [a, b, target] = cursors;
    forEach(f, from, to, cursors, () => {
      field.store(f, target!.at, field.multiply(f, field.load(f, a!.at), field.load(f, b!.at)));
    });
  });

  module.export("gatherMultiply", 6, (f, from, to, coefficients, values, indices, out) => {
    const [coefficient, target] = [new Cursor(f, coefficients, from), new Cursor(f, out, from)];
    const index = new Cursor(f, indices, from, INDEX_BYTES);
    forEach(f, from, to, [coefficient, index, target], () => {
      const place = f.keep(values.add(f.loadIndex(index.at).multiply(ELEMENT_BYTES)));
      field.store(f, target.at, field.multiply(f, field.load(f, coefficient.at), field.load(f, place)));
    });
  });
}
