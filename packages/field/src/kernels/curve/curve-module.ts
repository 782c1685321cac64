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
