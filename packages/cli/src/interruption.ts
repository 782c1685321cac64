/**
 * Runs work that keeps the thread busy for seconds. No handler of a signal could run before its end, so Ctrl-C is left to
 * the system meanwhile, which ends the process at once: as safe as any crash.
 */
export async function interruptible<T>(work: () => Promise<T>): Promise<T> {
  const handlers = process.rawListeners("SIGINT") as NodeJS.SignalsListener[];
  process.removeAllListeners("SIGINT");
  try {
    return await work();
  } finally {
    for (const handler of handlers) process.on("SIGINT", handler);
  }
}
