import { KernelThreadError } from "./kernel-error.ts";
import type { ThreadHost } from "./thread-host.ts";

/** What is used here of browsers' interfaces, whose types come with browsers' libraries only. */
interface BrowserWorker {
  onmessage: (() => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
  postMessage(value: unknown): void;
  terminate(): void;
}
declare const Worker: (new (url: URL, options: { type: "module" }) => BrowserWorker) | undefined;
declare const crossOriginIsolated: boolean | undefined;
declare const navigator: { readonly hardwareConcurrency?: number };

/** A page's main thread may not wait, its workers may. */
function mayWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
}

export const threadHost: ThreadHost = {
  allowsThreads: () =>
    typeof Worker !== "undefined" &&
    typeof SharedArrayBuffer !== "undefined" &&
    typeof crossOriginIsolated !== "undefined" &&
    crossOriginIsolated &&
    mayWait(),
  cores: () => navigator.hardwareConcurrency ?? 1,
  start: (task) =>
    new Promise((resolve, reject) => {
      // Bundlers look for this form, with the file's name written out.
      const worker = new Worker!(new URL("./browser-thread.ts", import.meta.url), { type: "module" });
      worker.onmessage = () => resolve({ end: () => Promise.resolve(worker.terminate()) });
      worker.onerror = ({ message }) => {
        worker.terminate();
        reject(new KernelThreadError({ cause: message }));
      };
      worker.postMessage(task);
    }),
};
