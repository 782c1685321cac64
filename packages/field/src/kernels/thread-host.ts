import type { ThreadTask } from "./thread-command.ts";

/** A started thread. */
export interface Thread {
  end(): Promise<unknown>;
}

/**
 * How threads are started: node-host.ts or browser-host.ts. The import "#thread-host" gives the one that belongs to the place where the
 * program runs, by the conditions in package.json, so that nothing of Node's gets into a bundle for browsers.
 */
export interface ThreadHost {
  /** Whether threads may share memory here and the calling one may wait for the others. */
  allowsThreads(): boolean;
  /** Of the processor, as far as this process may use them. */
  cores(): number;
  /**
   * Starts a thread that waits for commands. It does not keep a process alive.
   * @throws {KernelThreadError} if it does not start
   */
  start(task: ThreadTask): Promise<Thread>;
}
