/*
 * Kernels between vectors in memory and integers outside:
 *   import(from, to, words, out, step)  eight 32-bit words an integer, below 2^256; out moves on by `step` bytes
 *   export(from, to, values, words)     canonical integers
 *   expand.<type>(from, to, small, out) small integers, with a multiplication each
 *   expandBytes(from, to, bytes, table, out)  by a table of the elements of all 256 bytes
 */
import { constantElement } from "../element-emitter.ts";
import type { FieldEmitter } from "../field-emitter.ts";
import { ELEMENT_BYTES, LIMBS, MONTGOMERY_BITS } from "../limbs.ts";
import { I64 } from "../wasm/expression.ts";
import type { ModuleEmitter } from "../wasm/module.ts";
import { Cursor, forEach } from "./cursor.ts";
import { SMALL_TYPES, bytesOf } from "./small-type.ts";

/** An integer outside: 256 bits. */
export const WORDS_BYTES = 32;

export function emitConversion(module: ModuleEmitter, field: FieldEmitter): void {
  module.export("import", 5, (f, from, to, words, out, step) => {
    const [source, target] = [new Cursor(f, words, from, WORDS_BYTES), new Cursor(f, out, from, step)];
    forEach(f, from, to, [source, target], () => field.store(f, target.at, field.importWords(f, source.at)));
  });

  module.export("export", 4, (f, from, to, values, words) => {
    const [source, target] = [new Cursor(f, values, from), new Cursor(f, words, from, WORDS_BYTES)];
    forEach(f, from, to, [source, target], () => field.exportWords(f, target.at, field.load(f, source.at)));
  });

  for (const type of SMALL_TYPES) {
    module.export(`expand.${type}`, 4, (f, from, to, small, out) => {
      const radix = constantElement((1n << BigInt(2 * MONTGOMERY_BITS)) % field.prime);
      const [source, target] = [new Cursor(f, small, from, bytesOf(type)), new Cursor(f, out, from)];
      forEach(f, from, to, [source, target], () => {
        const value = f.keep(f.load(type, source.at));
        const limbs = Array.from({ length: LIMBS }, (_, i) => (i === 0 ? value : I64.constant(0n)));
        field.store(f, target.at, field.multiply(f, { limbs, range: value.range }, radix));
      });
    });
  }

  module.export("expandBytes", 5, (f, from, to, bytes, table, out) => {
    const [source, target] = [new Cursor(f, bytes, from, 1), new Cursor(f, out, from)];
    forEach(f, from, to, [source, target], () => {
      const entry = table.add(f.load("u8", source.at).wrap().multiply(ELEMENT_BYTES));
      field.store(f, target.at, field.keep(f, field.load(f, f.keep(entry))));
    });
  });
}
