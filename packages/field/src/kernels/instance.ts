import { type WasmMemory, type WasmModule, WebAssembly } from "./wasm/web-assembly.ts";

/** Memory that belongs to one thread, at the address `scratch` of its instance. */
export const SCRATCH_BYTES = 65536;

/** The functions of a module by name; addresses and counts are unsigned, and every function takes i32 only. */
export type KernelFunctions = Readonly<Record<string, (...values: number[]) => void>>;

/** An instance on the given memory for one thread. */
export async function instantiate(module: WasmModule, memory: WasmMemory, scratch: number): Promise<KernelFunctions> {
  const instance = await WebAssembly.instantiate(module, { env: { memory, scratch } });
  return instance.exports as KernelFunctions;
}
