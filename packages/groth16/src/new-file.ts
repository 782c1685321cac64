import { createHash, randomBytes } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { ZkcmpError } from "@zkcmp/field/error";

/** The file to write is there already. Keys and contributions are never overwritten. */
export class FileExistsError extends ZkcmpError {
  constructor(path: string) {
    super(`${path} exists already`, "Choose another name, or move the file away");
  }
}

/**
 * Lets `write` fill a temporary file in the same folder and renames it when it is complete, so that a crash or an
 * error leaves nothing under the final name.
 * @throws {FileExistsError}
 */
export async function writeNewFile<T>(path: string, write: (temporary: string) => Promise<T>): Promise<T> {
  if (existsSync(path)) throw new FileExistsError(path);
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const result = await write(temporary);
    if (existsSync(path)) throw new FileExistsError(path);
    await rename(temporary, path);
    return result;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Lower-case hexadecimal hash of a file of any size. */
export async function hashFile(path: string, algorithm: "sha256" | "blake2b512"): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}
