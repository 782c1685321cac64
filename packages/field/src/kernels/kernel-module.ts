import { FIELD_ORDER } from "../element.ts";
import { emitCurve } from "./curve/curve-module.ts";
import { FieldEmitter } from "./field-emitter.ts";
import { emitByteLayer } from "./vectors/byte-layer.ts";
import { emitConversion } from "./vectors/conversion.ts";
import { emitDot } from "./vectors/dot.ts";
import { emitElementwise } from "./vectors/elementwise.ts";
import { emitFold } from "./vectors/fold.ts";
import { emitLayer } from "./vectors/layer.ts";
import { emitSmallDot } from "./vectors/small-dot.ts";
import { emitSparse } from "./vectors/sparse.ts";
import { ModuleEmitter } from "./wasm/module.ts";
import { type WasmModule, WebAssembly } from "./wasm/web-assembly.ts";

const compiled = new Map<boolean, Promise<WasmModule>>();

/** The module of all kernels, written and compiled at the first call. */
export function kernelModule(shared: boolean): Promise<WasmModule> {
  const known = compiled.get(shared);
  if (known !== undefined) return known;
  const module = WebAssembly.compile(writeModule(shared));
  compiled.set(shared, module);
  return module;
}

/**
 * The module's bytes.
 * @throws {BoundsError} if a number in a kernel could outgrow its bits
 */
export function writeModule(shared: boolean): Uint8Array<ArrayBuffer> {
  const module = new ModuleEmitter(shared);
  const scalar = new FieldEmitter(module, FIELD_ORDER, "scalar");
  emitConversion(module, scalar);
  emitElementwise(module, scalar);
  emitFold(module, scalar);
  emitDot(module, scalar);
  emitSmallDot(module, scalar);
  emitSparse(module, scalar);
  emitLayer(module, scalar);
  emitByteLayer(module, scalar);
  emitCurve(module);
  return module.encode();
}
