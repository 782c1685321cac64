/*
 * The operations on points, from below:
 *
 *   affine-emitter, power-emitter       coordinates, references to points; powers with fixed exponents
 *   pair-emitter, jacobian-emitter      addPairs: many affine additions with one inversion; one sum with doublings
 *   codec-emitter                       points in and out, square roots
 *   segment-sum                         sums of many lists, by addPairs: what all that follows comes down to
 *   scalar-split, window-plan           scalars cut into digits
 *   bucket-sum, subset-sum              shares of a multi-scalar multiplication, of rows of bits
 *   thread-tasks                        these shares as kernels of each thread
 *   multi-scalar, bit-rows, generators  the operations: who does what, and where in memory
 *   point-store, point-kernels          vectors of points; the interface
 *
 * What is called emitter writes WebAssembly; the rest is TypeScript that decides what is added to what. Another curve over a
 * field of this size needs its prime, its constant and its square root here; one over an extension needs an emitter for it.
 */
import { FieldEmitter } from "../field-emitter.ts";
import { BASE_FIELD_ORDER } from "../point-encoding.ts";
import type { ModuleEmitter } from "../wasm/module.ts";
import { AffineEmitter } from "./affine-emitter.ts";
import { emitCodec } from "./codec-emitter.ts";
import { emitJacobian } from "./jacobian-emitter.ts";
import { emitAddPairs } from "./pair-emitter.ts";
import { PowerEmitter } from "./power-emitter.ts";

/** Writes the kernels on points. */
export function emitCurve(module: ModuleEmitter): void {
  const field = new FieldEmitter(module, BASE_FIELD_ORDER, "base");
  const affine = new AffineEmitter(field);
  const powers = new PowerEmitter(module, field);
  const invert = powers.power("invert", BASE_FIELD_ORDER - 2n);
  emitAddPairs(module, affine, invert);
  emitJacobian(module, affine, invert);
  emitCodec(module, affine, powers);
}
