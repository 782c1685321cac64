import { LockError, type WithLock } from "./lock-file.ts";

/** What is used here of browsers' interfaces, whose types come with browsers' libraries only. */
interface LockManager {
  request<T>(
    name: string,
    options: { readonly ifAvailable: true } | { readonly signal: AbortSignal },
    granted: (lock: unknown) => Promise<T>,
  ): Promise<T>;
}

/** A Web Lock, which the browser frees when the page or its worker ends, however that comes. */
export const withLock: WithLock = async (path, patience, work) => {
  const locks = (globalThis as unknown as { navigator: { readonly locks?: LockManager } }).navigator.locks;
  if (locks === undefined) throw noLocks();
  let state: "waiting" | "granted" | "taken" = "waiting";
  const inUse = () =>
    new LockError(
      `another tab is at work on ${path}`,
      "Wait until its step has ended, or close that tab, and try again.",
    );
  const options = patience > 0 ? { signal: AbortSignal.timeout(1000 * patience) } : ({ ifAvailable: true } as const);
  try {
    return await locks.request(`zkcmp-files/${path}`, options, (lock) => {
      state = lock === null ? "taken" : "granted";
      if (lock === null) return Promise.reject(inUse());
      return work();
    });
  } catch (error) {
    // TypeScript does not see that the callback has run.
    if ((state as string) !== "waiting") throw error;
    const { name } = error as Error;
    throw name === "TimeoutError" || name === "AbortError" ? inUse() : noLocks();
  }
};

function noLocks(): LockError {
  return new LockError(
    "this browser does not let the page keep its tabs apart",
    "Open the page by https or from this computer, outside of private windows, in a browser of this year.",
  );
}
