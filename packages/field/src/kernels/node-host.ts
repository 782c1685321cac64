import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { KernelThreadError } from "./kernel-error.ts";
import type { ThreadHost } from "./thread-host.ts";

export const threadHost: ThreadHost = {
  allowsThreads: () => true,
  cores: availableParallelism,
  start: async (task) => {
    const worker = new Worker(new URL("./node-thread.ts", import.meta.url), { workerData: task });
    try {
      await once(worker, "message");
    } catch (cause) {
      throw new KernelThreadError({ cause });
    }
    worker.unref();
    return { end: () => worker.terminate() };
  },
};
