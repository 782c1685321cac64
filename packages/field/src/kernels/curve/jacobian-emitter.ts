/*
 * One sum in Jacobian coordinates (X / Z^2, Y / Z^3): nothing is divided until the end, which suits long chains of doublings. In
 * memory it is X, Y, Z in the field's stored form; Z has zeros in all limbs for the neutral element and for no other.
 * Source of the formulas: Bernstein and Lange, Explicit-Formulas Database, dbl-2009-l and madd (of Cohen, Miyaji and Ono) for
 * curves with a = 0.
 */
import type { Element } from "../element-emitter.ts";
import { ELEMENT_BYTES } from "../limbs.ts";
import { I32, I64 } from "../wasm/expression.ts";
import type { FunctionReference } from "../wasm/function.ts";
import { exactly, product } from "../wasm/interval.ts";
import type { ModuleEmitter } from "../wasm/module.ts";
import type { AffineEmitter } from "./affine-emitter.ts";
import { ElementVariable } from "./element-variable.ts";

/** Bytes of a sum. */
export const JACOBIAN_BYTES = 3 * ELEMENT_BYTES;

const Y = ELEMENT_BYTES;
const Z = 2 * ELEMENT_BYTES;

/**
 * Writes jacobianClear(sum), jacobianDouble(sum, times), jacobianAdd(sum, reference to an affine point) and
 * jacobianToAffine(sum, target, memory) with ELEMENT_BYTES + POWER_BYTES of memory.
 */
export function emitJacobian(module: ModuleEmitter, affine: AffineEmitter, invert: FunctionReference): void {
  const { field } = affine;

  module.export("jacobianClear", 1, (f, sum) => {
    affine.store(f, sum, field.zero, field.zero);
    field.store(f, sum, field.zero, Z);
  });

  const double = module.export("jacobianDouble", 2, (f, sum, count) => {
    const [x, y, z] = [new ElementVariable(f), new ElementVariable(f), new ElementVariable(f)];
    x.set(field.keep(f, field.load(f, sum)));
    y.set(field.keep(f, field.load(f, sum, Y)));
    z.set(field.keep(f, field.load(f, sum, Z)));
    f.repeat(count, () => {
      const xx = field.square(f, x.value);
      const yy = field.square(f, y.value);
      const yyyy = field.square(f, yy);
      const d = field.carry(f, times(field.multiply(f, x.value, yy), 4n));
      const e = field.carry(f, times(xx, 3n));
      z.set(field.multiply(f, times(y.value, 2n), z.value));
      x.set(field.square(f, e, times(d, -2n)));
      y.set(field.multiply(f, e, field.subtract(d, x.value), times(yyyy, -8n)));
    });
    affine.store(f, sum, x.value, y.value);
    field.store(f, sum, z.value, Z);
  });

  module.export("jacobianAdd", 2, (f, sum, reference) => {
    const other = affine.operand(f, reference);
    f.if(affine.isNeutral(f, other.address), () => f.return());
    f.if(affine.isNeutral(f, f.keep(sum.add(Z))), () => {
      affine.store(f, sum, field.keep(f, other.x), field.carry(f, other.y));
      field.store(f, sum, field.one, Z);
      f.return();
    });
    const x = field.keep(f, field.load(f, sum));
    const y = field.keep(f, field.load(f, sum, Y));
    const z = field.keep(f, field.load(f, sum, Z));
    const zz = field.square(f, z);
    const h = field.multiply(f, other.x, zz, field.negate(x));
    const r = field.multiply(f, other.y, field.multiply(f, z, zz), field.negate(y));
    f.if(affine.mayBeZero(h), () =>
      f.if(affine.isZero(f, h), () => {
        f.if(
          affine.isZero(f, r),
          () => f.call(double, sum, I32.constant(1)),
          () => field.store(f, sum, field.zero, Z),
        );
        f.return();
      }),
    );
    const hh = field.square(f, h);
    const hhh = field.multiply(f, h, hh);
    const v = field.multiply(f, x, hh);
    const x3 = field.square(f, r, field.negate(field.add(hhh, times(v, 2n))));
    const minusYhhh = field.multiply(f, field.negate(y), hhh);
    affine.store(f, sum, x3, field.multiply(f, r, field.subtract(v, x3), minusYhhh));
    field.store(f, sum, field.multiply(f, z, h), Z);
  });

  module.export("jacobianToAffine", 3, (f, sum, target, memory) => {
    const z = f.keep(sum.add(Z));
    f.if(affine.isNeutral(f, z), () => {
      affine.store(f, target, field.zero, field.zero);
      f.return();
    });
    f.call(invert, memory, z, f.keep(memory.add(ELEMENT_BYTES)));
    const inverse = field.keep(f, field.load(f, memory));
    const square = field.square(f, inverse);
    const x = field.multiply(f, field.load(f, sum), square);
    const y = field.multiply(f, field.load(f, sum, Y), field.multiply(f, inverse, square));
    affine.store(f, target, x, y);
  });
}

/** A small multiple, limb by limb. */
function times(a: Element, factor: bigint): Element {
  const constant = I64.constant(factor);
  return { limbs: a.limbs.map((limb) => limb.multiply(constant)), range: product(a.range, exactly(factor)) };
}
