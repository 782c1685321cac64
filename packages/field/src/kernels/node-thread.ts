import { parentPort, workerData } from "node:worker_threads";
import { serveCommands } from "./thread-loop.ts";
import type { ThreadTask } from "./thread-command.ts";

await serveCommands(workerData as ThreadTask, () => parentPort!.postMessage("ready"));
