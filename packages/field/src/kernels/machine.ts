import { KernelTrapError } from "./kernel-error.ts";
import { type KernelFunctions, SCRATCH_BYTES, instantiate } from "./instance.ts";
import { KernelMemory } from "./memory.ts";
import { kernelModule } from "./kernel-module.ts";
import { type ThreadPool, startThreads } from "./thread-pool.ts";

/**
 * Memory, the instance of the main thread and, with more than one thread, a pool of others. What all kernels share:
 *
 *   const out = machine.memory.allocate(36 * count);
 *   machine.run("multiply", count, 1024, () => [left, right, out]);
 *
 * runs `multiply(from, to, left, right, out)` on disjoint ranges that cover [0, count).
 */
export class KernelMachine {
  readonly memory: KernelMemory;
  readonly threads: number;
  readonly #functions: KernelFunctions;
  readonly #pool: ThreadPool | null;

  private constructor(memory: KernelMemory, functions: KernelFunctions, pool: ThreadPool | null) {
    this.memory = memory;
    this.#functions = functions;
    this.#pool = pool;
    this.threads = pool === null ? 1 : pool.workers + 1;
  }

  /**
   * @param firstCall where the numbers of the workers' calls begin, a signed word
   * @throws {KernelMemoryError | KernelThreadError}
   */
  static async start(threads: number, firstCall = 0): Promise<KernelMachine> {
    const shared = threads > 1;
    const memory = new KernelMemory(shared);
    const module = await kernelModule(shared);
    const functions = await instantiate(module, memory.memory, memory.allocate(SCRATCH_BYTES));
    if (!shared) return new KernelMachine(memory, functions, null);
    return new KernelMachine(
      memory,
      functions,
      await startThreads(threads - 1, module, memory, Object.keys(functions), firstCall),
    );
  }

  /**
   * Calls a kernel on this thread.
   * @throws {KernelTrapError} as {@link run}
   */
  call(kernel: string, ...values: number[]): void {
    const run = this.#functions[kernel];
    if (run === undefined) throw new RangeError(`there is no kernel ${kernel}`);
    try {
      run(...values);
    } catch (cause) {
      throw new KernelTrapError(kernel, { cause });
    }
  }

  /**
   * Runs kernel(from, to, ...values) on disjoint ranges that cover [0, count), one a thread.
   * @param least a range that is worth a thread: about 20 microseconds' work
   * @param values further arguments, for thread numbers from 0 on; threads without a range are not asked
   * @returns how many threads took part
   * @throws {KernelTrapError} if a thread trapped: what the kernel was to write is undefined then, all threads are idle, and the next
   * call runs as if nothing had happened
   */
  run(kernel: string, count: number, least: number, values: (thread: number) => readonly number[]): number {
    if (count === 0) return 0;
    const parts = Math.max(1, Math.min(this.threads, Math.floor(count / least)));
    const start = (part: number) => Math.floor((count * part) / parts);
    let begun = 0;
    try {
      for (let part = 1; part < parts; part++) {
        this.#pool!.begin(begun, kernel, [start(part), start(part + 1), ...values(part)]);
        begun++;
      }
      this.call(kernel, 0, start(1), ...values(0));
    } finally {
      // Whatever was thrown: nothing may go on writing into memory that is given back.
      this.#pool?.finish(begun);
    }
    return parts;
  }

  async dispose(): Promise<void> {
    await this.#pool?.dispose();
  }
}
