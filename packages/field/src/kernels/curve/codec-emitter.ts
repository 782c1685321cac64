/*
 * Points between memory and the outside, where a coordinate is a canonical integer of eight 32-bit words, the lowest first.
 */
import { ELEMENT_BYTES } from "../limbs.ts";
import { CURVE_CONSTANT } from "../point-encoding.ts";
import { WORDS_BYTES } from "../vectors/conversion.ts";
import { Cursor, forEach } from "../vectors/cursor.ts";
import type { ModuleEmitter } from "../wasm/module.ts";
import type { AffineEmitter } from "./affine-emitter.ts";
import { type PowerEmitter, POWER_BYTES } from "./power-emitter.ts";
import { AFFINE_BYTES } from "./segment-sum.ts";

/** What is lifted to a point: the words of x, then one that is 1 if y is to be odd, and one that stays free. */
export const LIFT_BYTES = WORDS_BYTES + 8;

/** The square, its root and a power's table. */
export const LIFT_MEMORY_BYTES = 2 * ELEMENT_BYTES + POWER_BYTES;

/**
 * Writes
 *   importCoordinates(from, to, words, out), exportCoordinates(from, to, coordinates, words)
 *   lift(from, to, compressed, out, memory)  points with these x and these parities of y; replaces the parities by 1, or by 0
 *                                            if the curve has no such point; memory: LIFT_MEMORY_BYTES a thread
 */
export function emitCodec(module: ModuleEmitter, affine: AffineEmitter, powers: PowerEmitter): void {
  const { field } = affine;
  // q = 3 mod 4: if z has a root at all, z^((q+1)/4) is one.
  const squareRoot = powers.power("squareRoot", (field.prime + 1n) / 4n);

  module.export("importCoordinates", 4, (f, from, to, words, out) => {
    const [source, target] = [new Cursor(f, words, from, WORDS_BYTES), new Cursor(f, out, from)];
    forEach(f, from, to, [source, target], () => field.store(f, target.at, field.importWords(f, source.at)));
  });

  module.export("exportCoordinates", 4, (f, from, to, coordinates, words) => {
    const [source, target] = [new Cursor(f, coordinates, from), new Cursor(f, words, from, WORDS_BYTES)];
    forEach(f, from, to, [source, target], () => field.exportWords(f, target.at, field.load(f, source.at)));
  });

  module.export("lift", 5, (f, from, to, compressed, out, memory) => {
    const [source, target] = [new Cursor(f, compressed, from, LIFT_BYTES), new Cursor(f, out, from, AFFINE_BYTES)];
    const [square, root] = [memory, f.keep(memory.add(ELEMENT_BYTES))];
    const table = f.keep(memory.add(2 * ELEMENT_BYTES));
    forEach(f, from, to, [source, target], () => {
      const x = field.importWords(f, source.at);
      field.store(f, target.at, x);
      field.store(f, square, field.multiply(f, x, field.square(f, x), field.constant(CURVE_CONSTANT)));
      f.call(squareRoot, root, square, table);

      const y = field.keep(f, field.load(f, root));
      const isRoot = f.keep(affine.isZero(f, field.square(f, y, field.negate(field.load(f, square)))));
      field.exportWords(f, table, y);
      const isOdd = f.loadIndex(table).and(1);
      const isOther = isOdd.xor(f.loadIndex(source.at, WORDS_BYTES));
      field.store(f, target.at, field.carry(f, field.select(f, isOther, field.negate(y), y)), ELEMENT_BYTES);
      f.storeIndex(source.at, isRoot, WORDS_BYTES);
    });
  });
}
