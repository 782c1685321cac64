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
  /** Waits for it. */
  finish(worker: number): void;
  dispose(): Promise<void>;
}

/**
 * @param kernels the names of an instance's kernels in their order
 * @throws {KernelThreadError}
 */
export async function startThreads(
  count: number,
  module: WasmModule,
  memory: KernelMemory,
  kernels: readonly string[],
): Promise<ThreadPool> {
  const places = new Map(kernels.map((name, place) => [name, place]));
  const team = await Promise.all(
    Array.from({ length: count }, async () => {
      const commands = memory.allocate(4 * COMMAND_WORDS);
      const scratch = memory.allocate(SCRATCH_BYTES);
      const shared = memory.memory.buffer as SharedArrayBuffer;
      const words = new Int32Array(shared, commands, COMMAND_WORDS);
      const thread = await threadHost.start({ module, memory: memory.memory, scratch, commands });
      return { thread, words, asked: 0 };
    }),
  );
  return {
    workers: count,
    begin(place, kernel, values) {
      const member = team[place]!;
      member.words[COMMAND.kernel] = places.get(kernel)!;
      member.words[COMMAND.count] = values.length;
      member.words.set(values, COMMAND.values);
      member.asked++;
      Atomics.store(member.words, COMMAND.asked, member.asked);
      Atomics.notify(member.words, COMMAND.asked);
    },
    finish(place) {
      const { words, asked } = team[place]!;
      awaitChange(words, COMMAND.done, asked - 1);
      if (words[COMMAND.failed] !== 0) throw new KernelTrapError();
    },
    async dispose() {
      await Promise.all(team.map(({ thread }) => thread.end()));
    },
  };
}
