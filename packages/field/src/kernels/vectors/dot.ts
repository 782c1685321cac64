/*
 * Kernels that sum products of field elements:
 *   dot(from, to, left, leftRow, leftStep, right, rightRow, rightStep, count, out)
 *     out[i] = sum over k < count of left[i leftRow + k leftStep] right[i rightRow + k rightStep], all in bytes
 *   productRound(from, to, f0, f1, fStep, g0, g1, gStep, out)
 *     two sums over i: f0 g0 and (f1 - f0) (g1 - g0); f1 moves on by fStep bytes, 0 for one zero, g1 likewise
 */
import type { FieldEmitter } from "../field-emitter.ts";
import { ELEMENT_BYTES } from "../limbs.ts";
import { ProductSum } from "../product-sum.ts";
import type { ModuleEmitter } from "../wasm/module.ts";
import { Cursor, forEach, inPairs } from "./cursor.ts";

export function emitDot(module: ModuleEmitter, field: FieldEmitter): void {
  module.export("dot", 10, (f, from, to, left, leftRow, leftStep, right, rightRow, rightStep, count, out) => {
    const rows = [new Cursor(f, left, from, leftRow), new Cursor(f, right, from, rightRow), new Cursor(f, out, from)];
    const [leftStart, rightStart, target] = rows;
    const total = new ProductSum(field, f);
    forEach(f, from, to, rows, () => {
      total.reset();
      const [a, b] = [new Cursor(f, leftStart!.at, 0, leftStep), new Cursor(f, rightStart!.at, 0, rightStep)];
      const take = () => {
        const factors = [field.keep(f, field.load(f, a.at)), field.keep(f, field.load(f, b.at))] as const;
        a.advance();
        b.advance();
        return factors;
      };
      inPairs(f, count, take, (...entries) => total.add(...entries));
      field.store(f, target!.at, total.total());
    });
  });

  module.export("productRound", 9, (f, from, to, f0, f1, fStep, g0, g1, gStep, out) => {
    const cursors = [new Cursor(f, f0, from), new Cursor(f, g0, from)];
    cursors.push(new Cursor(f, f1, from, fStep), new Cursor(f, g1, from, gStep));
    const [atZero, atInfinity] = [new ProductSum(field, f), new ProductSum(field, f)];
    const take = () => {
      const [a, b, aEnd, bEnd] = cursors.map((cursor) => field.load(f, cursor.at));
      const start = [field.keep(f, a!), field.keep(f, b!)] as const;
      const difference = [
        field.keep(f, field.subtract(aEnd!, start[0])),
        field.keep(f, field.subtract(bEnd!, start[1])),
      ] as const;
      for (const cursor of cursors) cursor.advance();
      return { start, difference };
    };
    inPairs(f, to.subtract(from), take, (...entries) => {
      atZero.add(...entries.map(({ start }) => start));
      atInfinity.add(...entries.map(({ difference }) => difference));
    });
    field.store(f, out, atZero.total());
    field.store(f, out, atInfinity.total(), ELEMENT_BYTES);
  });
}
