import type { WasmMemory, WasmModule } from "./wasm/web-assembly.ts";

/*
 * How the main thread tells a worker what to run: a block of i32 words in the shared memory for each worker. Messages would
 * cost some 20 microseconds a call and could not be awaited synchronously.
 */

/** Places in a block. */
export const COMMAND = {
  /** Number of the call that was asked for last, modulo 2^32; the worker waits for a change. */
  asked: 0,
  /** Number of the call that was finished last. */
  done: 1,
  /** 1 if it ended with a trap; the main thread sets it back. */
  failed: 2,
  /** The kernel's place among an instance's kernels. */
  kernel: 3,
  count: 4,
  values: 5,
} as const;

export const COMMAND_WORDS = 64;

/**
 * Looks at a word before the thread goes to sleep: about 0.2 ms, longer than most gaps between two kernels. Waking up takes some 25
 * microseconds, and on a busy computer it may happen on the core of the thread that waits.
 */
const SPINS = 20_000;

export interface ThreadTask {
  readonly module: WasmModule;
  readonly memory: WasmMemory;
  readonly scratch: number;
  readonly commands: number;
}

/** Waits until the word differs from `old`; gives its value. */
export function awaitChange(words: Int32Array<SharedArrayBuffer>, place: number, old: number): number {
  for (let i = 0; i < SPINS; i++) {
    const value = Atomics.load(words, place);
    if (value !== old) return value;
  }
  while (Atomics.load(words, place) === old) Atomics.wait(words, place, old);
  return Atomics.load(words, place);
}
