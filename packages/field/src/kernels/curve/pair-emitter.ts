/*
 * Additions of many pairs of affine points with one inversion. For the pair (a, b) with d = x_b - x_a:
 *   lambda = (y_b - y_a) / d,  x = lambda^2 - x_a - x_b,  y = lambda (x_a - x) - y_a.
 * A first pass multiplies all d and writes down the products before each; the inverse of the whole then gives, on the way back,
 * each 1/d for two multiplications (Montgomery 1987). Pairs that have no such lambda (equal, opposite, neutral operands) are found
 * by a cheap test that may err on the careful side, and take a way of their own.
 */
import type { Element } from "../element-emitter.ts";
import { ELEMENT_BYTES } from "../limbs.ts";
import { I32 } from "../wasm/expression.ts";
import type { FunctionEmitter, FunctionReference } from "../wasm/function.ts";
import type { ModuleEmitter } from "../wasm/module.ts";
import type { AffineEmitter, AffineOperand } from "./affine-emitter.ts";
import { ElementVariable } from "./element-variable.ts";
import { POWER_BYTES } from "./power-emitter.ts";
import { BATCH, JOB_BYTES } from "./segment-sum.ts";

/** What is known of a pair between the passes: the product of the denominators before it, and its kind. */
const NOTE_BYTES = ELEMENT_BYTES + 4;

/** The running product and its inverse, a power's table, and the notes. */
const PRODUCT = 0;
const INVERSE = ELEMENT_BYTES;
const TABLE = 2 * ELEMENT_BYTES;
const NOTES = TABLE + POWER_BYTES;

/** Memory that addPairs needs for itself. */
export const PAIR_BYTES = NOTES + BATCH * NOTE_BYTES;

const KIND = { sum: 0, double: 1, left: 2, right: 3, neutral: 4 } as const;

/** addPairs(jobs, count, memory): at most BATCH jobs (segment-sum.ts), PAIR_BYTES of memory. */
export function emitAddPairs(module: ModuleEmitter, affine: AffineEmitter, invert: FunctionReference): void {
  const { field } = affine;
  const noteSpecial = emitNoteSpecial(module, affine);
  const addSpecial = emitAddSpecial(module, affine);

  module.export("addPairs", 3, (f, jobs, count, memory) => {
    const job = f.variable(jobs);
    const note = f.variable(memory.add(NOTES));
    const running = new ElementVariable(f);
    const product = f.keep(memory.add(PRODUCT));
    const inverse = f.keep(memory.add(INVERSE));

    running.set(field.one);
    f.repeat(count, () => {
      const [a, b] = operands(f, affine, job.value);
      const difference = field.keep(f, field.subtract(b.x, a.x));
      const isSuspect = affine
        .mayBeZero(difference)
        .or(affine.mayBeNeutral(f, a.address))
        .or(affine.mayBeNeutral(f, b.address));
      f.if(
        isSuspect,
        () => {
          field.store(f, product, running.value);
          f.call(noteSpecial, job.value, note.value, product);
          running.set(field.keep(f, field.load(f, product)));
        },
        () => {
          field.store(f, note.value, running.value);
          f.storeIndex(note.value, I32.constant(KIND.sum), ELEMENT_BYTES);
          running.set(field.multiply(f, running.value, difference));
        },
      );
      job.advance(JOB_BYTES);
      note.advance(NOTE_BYTES);
    });

    field.store(f, product, running.value);
    f.call(invert, inverse, product, f.keep(memory.add(TABLE)));
    running.set(field.keep(f, field.load(f, inverse)));

    f.repeat(count, () => {
      job.advance(-JOB_BYTES);
      note.advance(-NOTE_BYTES);
      f.if(
        f.loadIndex(note.value, ELEMENT_BYTES),
        () => {
          field.store(f, inverse, running.value);
          f.call(addSpecial, job.value, note.value, inverse);
          running.set(field.keep(f, field.load(f, inverse)));
        },
        () => {
          const [a, b] = operands(f, affine, job.value);
          const [xa, xb] = [field.keep(f, a.x), field.keep(f, b.x)];
          const reciprocal = field.multiply(f, running.value, field.load(f, note.value));
          running.set(field.multiply(f, running.value, field.subtract(xb, xa)));
          const ya = field.keep(f, a.y);
          const lambda = field.multiply(f, field.subtract(b.y, ya), reciprocal);
          storeSum(f, affine, job.value, lambda, { x: xa, y: ya }, xb);
        },
      );
    });
  });
}

function operands(f: FunctionEmitter, affine: AffineEmitter, job: I32): [AffineOperand, AffineOperand] {
  return [affine.operand(f, f.keep(f.loadIndex(job))), affine.operand(f, f.keep(f.loadIndex(job, 4)))];
}

/** The third point on the line through a with this slope, mirrored, to the place of the job's sum. */
function storeSum(
  f: FunctionEmitter,
  affine: AffineEmitter,
  job: I32,
  lambda: Element,
  a: { readonly x: Element; readonly y: Element },
  xb: Element,
): void {
  const { field } = affine;
  const x = field.square(f, lambda, field.negate(field.add(a.x, xb)));
  const y = field.multiply(f, lambda, field.subtract(a.x, x), field.negate(a.y));
  affine.store(f, f.keep(f.loadIndex(job, 8)), x, y);
}

/** (job, note, product): what the first pass does with a suspect pair. */
function emitNoteSpecial(module: ModuleEmitter, affine: AffineEmitter): FunctionReference {
  const { field } = affine;
  return module.internal("noteSpecial", 3, null, (f, job, note, product) => {
    const [a, b] = operands(f, affine, job);
    const before = field.keep(f, field.load(f, product));
    field.store(f, note, before);
    const setKind = (kind: number) => f.storeIndex(note, I32.constant(kind), ELEMENT_BYTES);
    const include = (denominator: Element) => field.store(f, product, field.multiply(f, before, denominator));

    f.if(
      affine.isNeutral(f, a.address),
      () => setKind(KIND.right),
      () =>
        f.if(
          affine.isNeutral(f, b.address),
          () => setKind(KIND.left),
          () => {
            const difference = field.keep(f, field.subtract(b.x, a.x));
            f.if(
              affine.isZero(f, difference),
              () => {
                const ya = field.keep(f, a.y);
                f.if(
                  affine.isZero(f, field.subtract(b.y, ya)),
                  () => {
                    setKind(KIND.double);
                    include(field.double(f, ya));
                  },
                  () => setKind(KIND.neutral),
                );
              },
              () => {
                setKind(KIND.sum);
                include(difference);
              },
            );
          },
        ),
    );
  });
}

/** (job, note, inverse): what the second pass does with a pair of any kind but an ordinary sum. */
function emitAddSpecial(module: ModuleEmitter, affine: AffineEmitter): FunctionReference {
  const { field } = affine;
  return module.internal("addSpecial", 3, null, (f, job, note, inverse) => {
    const [a, b] = operands(f, affine, job);
    const kind = f.keep(f.loadIndex(note, ELEMENT_BYTES));
    const target = f.keep(f.loadIndex(job, 8));
    const copy = ({ x, y }: AffineOperand) => affine.store(f, target, field.keep(f, x), field.carry(f, y));

    f.if(kind.equals(KIND.left), () => copy(a));
    f.if(kind.equals(KIND.right), () => copy(b));
    f.if(kind.equals(KIND.neutral), () => affine.store(f, target, field.zero, field.zero));
    f.if(kind.equals(KIND.double), () => {
      const [x, y] = [field.keep(f, a.x), field.keep(f, a.y)];
      const running = field.keep(f, field.load(f, inverse));
      const reciprocal = field.multiply(f, running, field.load(f, note));
      field.store(f, inverse, field.multiply(f, running, field.double(f, y)));
      const square = field.square(f, x);
      const lambda = field.multiply(f, field.add(square, field.add(square, square)), reciprocal);
      storeSum(f, affine, job, lambda, { x, y }, x);
    });
  });
}
