import { serveCommands } from "./thread-loop.ts";
import type { ThreadTask } from "./thread-command.ts";

/** What is used here of a worker's global scope, whose types come with browsers' libraries only. */
declare const self: {
  onmessage: ((event: { readonly data: ThreadTask }) => void) | null;
  postMessage(value: unknown): void;
};

// No await at the top: bundlers may make a classic script of this file, which has none.
self.onmessage = ({ data }) => void serveCommands(data, () => self.postMessage("ready"));
