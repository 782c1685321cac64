import { curveTasks } from "./curve/thread-tasks.ts";
import { type WasmMemory, type WasmModule, WebAssembly } from "./wasm/web-assembly.ts";

/** Memory that belongs to one thread, at the address `scratch` of its instance. */
export const SCRATCH_BYTES = 65536;

/** Kernels by name, in the same order on every thread; addresses and counts are unsigned, and every function takes i32 only. */
export type KernelFunctions = Readonly<Record<string, (...values: number[]) => void>>;

/** The kernels of one thread on the given memory: the module's functions, and those in TypeScript that call them. */
export async function instantiate(module: WasmModule, memory: WasmMemory, scratch: number): Promise<KernelFunctions> {
  const instance = await WebAssembly.instantiate(module, { env: { memory, scratch } });
  const functions = instance.exports as KernelFunctions;
  return { ...functions, ...curveTasks(functions, memory) };
}
