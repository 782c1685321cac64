import { type Curve, buildBn128 } from "ffjavascript";
import type { Kernels } from "./wasm-engine.ts";

/** ffjavascript's BN254 kernels and the instance without threads that they are taken from. */
export async function loadKernels(): Promise<{ kernels: Kernels; curve: Curve }> {
  const curve = await buildBn128(true);
  const { WebAssembly } = globalThis as unknown as { WebAssembly: { compile(code: Uint8Array): Promise<object> } };
  const module = await WebAssembly.compile(curve.tm.code);
  return { kernels: { module, generators: { G1: curve.G1.gAffine, G2: curve.G2.gAffine } }, curve };
}
