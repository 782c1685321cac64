import { createPointKernels } from "./curve/point-kernels.ts";
import type { Kernels } from "./kernels.ts";
import { KernelMachine } from "./machine.ts";
import { createVectorKernels } from "./vector-kernels.ts";
import { VectorStore } from "./vector-store.ts";

/** More threads than this have not been measured to help. */
const MOST_THREADS = 8;

export interface KernelOptions {
  /** The main thread and workers together; the processor's cores, at most 8, if not given. Outside Node always 1. */
  readonly threads?: number;
}

/**
 * The kernels in WebAssembly. Threads share one memory, which browsers allow to isolated pages only and where their main
 * thread may not wait: outside Node there is one thread.
 * @throws {KernelMemoryError} if the machine does not give the first memory; operations throw it when memory runs out
 */
export async function createKernels(options: KernelOptions = {}): Promise<Kernels> {
  const threads = await allowedThreads(options.threads);
  const store = new VectorStore(await KernelMachine.start(threads));
  return { ...createVectorKernels(store), ...createPointKernels(store) };
}

async function allowedThreads(asked: number | undefined): Promise<number> {
  const node = typeof process === "object" && process.versions?.node !== undefined;
  if (!node || typeof SharedArrayBuffer === "undefined") return 1;
  if (asked !== undefined) return Math.max(1, Math.floor(asked));
  const { availableParallelism } = await import("node:os");
  return Math.min(availableParallelism(), MOST_THREADS);
}
