import { readFile, stat } from "node:fs/promises";
import type { BytesFile } from "./bytes-file.ts";

export const bytesFile: BytesFile = {
  size: async (path) => (await stat(path)).size,
  read: (path) => readFile(path),
};
