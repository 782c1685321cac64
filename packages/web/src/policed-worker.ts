type WorkerStart = new (url: URL | string, options: { readonly type: "module"; readonly name: string }) => Worker;

/**
 * A worker that takes over the content security policy of whoever starts it, as workers from blobs do. One that starts
 * from a file has the policy that its server sends with the file, and none on a host without headers. Import it as
 * `Worker`: bundlers look for `new Worker(new URL(...))`.
 */
export const PolicedWorker = function (url: URL | string, options: WorkerOptions): Worker {
  const text = `import ${JSON.stringify(String(url))};`;
  const source = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const worker = new Worker(source, options);
  const free = (): void => URL.revokeObjectURL(source);
  worker.addEventListener("message", free, { once: true });
  worker.addEventListener("error", free, { once: true });
  return worker;
} as unknown as WorkerStart;
