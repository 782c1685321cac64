import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { KernelTrapError } from "./kernel-error.ts";
import type { KernelMemory } from "./memory.ts";
import { SCRATCH_BYTES } from "./instance.ts";
import { COMMAND, COMMAND_WORDS, type WorkerTask, awaitChange } from "./thread-command.ts";
import type { WasmModule } from "./wasm/web-assembly.ts";

/** Worker threads on the kernels' shared memory. They do not keep the process alive. Node's alone: see create-kernels.ts. */
export interface ThreadPool {
  readonly workers: number;
  /** Starts a kernel on a worker that is idle. */
  begin(worker: number, kernel: string, values: readonly number[]): void;
  /** Waits for it. */
  finish(worker: number): void;
  dispose(): Promise<void>;
}

/** @param kernels the names of an instance's kernels in their order */
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
      const workerData: WorkerTask = { module, memory: memory.memory, scratch, commands };
      const worker = new Worker(new URL("./thread-worker.ts", import.meta.url), { workerData });
      await once(worker, "message");
      worker.unref();
      return { worker, words, asked: 0 };
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
      await Promise.all(team.map(({ worker }) => worker.terminate()));
    },
  };
}
