import { ZkcmpError } from "../error.ts";

/** A kernel was called with vectors or sizes that do not belong together: a mistake in the calling program. */
export class KernelArgumentError extends ZkcmpError {
  constructor(problem: string) {
    super(problem, "Compare the call with the interface Kernels.");
  }
}

/** The vectors alive at once do not fit the 4 GiB that WebAssembly can address, or the machine gives no more memory. */
export class KernelMemoryError extends ZkcmpError {
  constructor(bytes: number, options?: ErrorOptions) {
    super(
      `the kernels need ${Math.ceil(bytes / 2 ** 20)} MiB of memory and do not get it`,
      "Prove for fewer rows or a smaller network, or use a machine with more memory; 4096 MiB is the most.",
      options,
    );
  }
}

/** A worker thread of the kernels did not start. */
export class KernelThreadError extends ZkcmpError {
  constructor(options?: ErrorOptions) {
    super(
      "a worker thread of the kernels did not start",
      "Ask for one thread. In a browser, serve kernels/browser-thread.ts, built, where the program looks for it.",
      options,
    );
  }
}

/**
 * A kernel stopped: a mistake in the kernels, or in JavaScript no memory for a task. What it was to write, which may be a vector that
 * the operation changes in place, is undefined; the kernels can be used further.
 */
export class KernelTrapError extends ZkcmpError {
  constructor(kernel: string, options?: ErrorOptions) {
    super(`the kernel ${kernel} stopped`, "Give up what was being computed, and report it.", options);
  }
}
