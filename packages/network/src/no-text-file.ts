import type { TextFile } from "./text-file.ts";

function refuse(): Promise<never> {
  return Promise.reject(Object.assign(new Error("a browser has no files"), { code: "ENOSYS" }));
}

export const textFile: TextFile = { read: refuse, write: refuse };
