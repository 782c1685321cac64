import { parentPort, workerData } from "node:worker_threads";
import { instantiate } from "./instance.ts";
import { COMMAND, COMMAND_WORDS, type WorkerTask, awaitChange } from "./thread-command.ts";

const { module, memory, scratch, commands } = workerData as WorkerTask;
const kernels = Object.values(await instantiate(module, memory, scratch));
const words = new Int32Array(memory.buffer as SharedArrayBuffer, commands, COMMAND_WORDS);

parentPort!.postMessage("ready");
let last = 0;
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
