import { instantiate } from "./instance.ts";
import { COMMAND, COMMAND_WORDS, type ThreadTask, awaitChange } from "./thread-command.ts";

/** Runs what the main thread asks for, for as long as the thread lives. @param ready called before it first waits */
export async function serveCommands(task: ThreadTask, ready: () => void): Promise<never> {
  const { module, memory, scratch, commands } = task;
  const kernels = Object.values(await instantiate(module, memory, scratch));
  const words = new Int32Array(memory.buffer as SharedArrayBuffer, commands, COMMAND_WORDS);
  let last = words[COMMAND.asked]!;
  ready();
  for (;;) {
    last = awaitChange(words, COMMAND.asked, last);
    try {
      const values = words.subarray(COMMAND.values, COMMAND.values + words[COMMAND.count]!);
      kernels[words[COMMAND.kernel]!]!(...values);
    } catch {
      words[COMMAND.failed] = 1;
    }
    Atomics.store(words, COMMAND.done, last);
    Atomics.notify(words, COMMAND.done);
  }
}
