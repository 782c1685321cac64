import { threadHost } from "#thread-host";
import { KernelTrapError } from "./kernel-error.ts";
import type { KernelMemory } from "./memory.ts";
import { SCRATCH_BYTES } from "./instance.ts";
import { COMMAND, COMMAND_WORDS, awaitChange } from "./thread-command.ts";
import type { WasmModule } from "./wasm/web-assembly.ts";

/** Worker threads on the kernels' shared memory. They do not keep a process alive. */
export interface ThreadPool {
  readonly workers: number;
  /** Starts a kernel on a worker that is idle. */
  begin(worker: number, kernel: string, values: readonly number[]): void;
  /**
   * Waits for the first `workers` workers, which are idle then.
   * @throws {KernelTrapError} when all are idle, if one of them trapped
   */
  finish(workers: number): void;
  dispose(): Promise<void>;
}

/**
 * @param kernels the names of an instance's kernels in their order
 * @param firstCall where the calls' numbers begin, a word
 * @throws {KernelThreadError}
 */
export async function startThreads(
  count: number,
  module: WasmModule,
  memory: KernelMemory,
  kernels: readonly string[],
  firstCall: number,
): Promise<ThreadPool> {
  const places = new Map(kernels.map((name, place) => [name, place]));
  const team = await Promise.all(
    Array.from({ length: count }, async () => {
      const commands = memory.allocate(4 * COMMAND_WORDS);
      const scratch = memory.allocate(SCRATCH_BYTES);
      const shared = memory.memory.buffer as SharedArrayBuffer;
      const words = new Int32Array(shared, commands, COMMAND_WORDS);
      words[COMMAND.asked] = firstCall;
      words[COMMAND.done] = firstCall;
      const thread = await threadHost.start({ module, memory: memory.memory, scratch, commands });
      return { thread, words, asked: firstCall, kernel: "" };
    }),
  );
  return {
    workers: count,
    begin(place, kernel, values) {
      const member = team[place]!;
      const number = places.get(kernel);
      if (number === undefined) throw new RangeError(`there is no kernel ${kernel}`);
      member.kernel = kernel;
      member.words[COMMAND.kernel] = number;
      member.words[COMMAND.count] = values.length;
      member.words.set(values, COMMAND.values);
      // A word, as the worker's number is one: it wraps after 2^31 calls.
      member.asked = (member.asked + 1) | 0;
      Atomics.store(member.words, COMMAND.asked, member.asked);
      Atomics.notify(member.words, COMMAND.asked);
    },
    finish(workers) {
      let failed: string | undefined;
      for (const { words, asked, kernel } of team.slice(0, workers)) {
        awaitChange(words, COMMAND.done, (asked - 1) | 0);
        if (words[COMMAND.failed] !== 0) failed = kernel;
        words[COMMAND.failed] = 0;
      }
      if (failed !== undefined) throw new KernelTrapError(failed);
    },
    async dispose() {
      await Promise.all(team.map(({ thread }) => thread.end()));
    },
  };
}
