import type { BytesFile } from "./bytes-file.ts";

function refuse(): Promise<never> {
  return Promise.reject(Object.assign(new Error("a browser has no files"), { code: "ENOSYS" }));
}

export const bytesFile: BytesFile = { size: refuse, read: refuse };
