import { threadHost } from "#thread-host";
import { createPointKernels } from "./curve/point-kernels.ts";
import type { Kernels } from "./kernels.ts";
import { KernelMachine } from "./machine.ts";
import { createVectorKernels } from "./vector-kernels.ts";
import { VectorStore } from "./vector-store.ts";

/** More threads than this have not been measured to help. */
const MOST_THREADS = 8;

export interface KernelOptions {
  /** The main thread and workers together; the processor's cores, at most 8, if not given. Always 1 where threads cannot share memory. */
  readonly threads?: number;
}

/**
 * The kernels in WebAssembly. Threads share one memory, which browsers allow to cross-origin isolated pages only, and wait for each
 * other, which a page's main thread may not: in a browser there are several threads only if this is called in a Web Worker of such a
 * page. The bundler has to follow `new Worker(new URL(...))`, as Vite does, or browser-thread.ts has to be built beside the bundle.
 * @throws {KernelMemoryError} if the machine does not give the first memory; operations throw it when memory runs out
 * @throws {KernelThreadError} if a thread does not start
 */
export async function createKernels(options: KernelOptions = {}): Promise<Kernels> {
  const threads = allowedThreads(options.threads);
  const store = new VectorStore(await KernelMachine.start(threads));
  return { ...createVectorKernels(store), ...createPointKernels(store) };
}

function allowedThreads(asked: number | undefined): number {
  if (!threadHost.allowsThreads()) return 1;
  return asked === undefined ? Math.min(threadHost.cores(), MOST_THREADS) : Math.max(1, Math.floor(asked));
}
