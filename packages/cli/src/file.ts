import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { link, open, readFile, rename, rm } from "node:fs/promises";
import { FileError } from "./cli-error.ts";

/**
 * Refuses a file that is there already, before any long work for it begins.
 * @throws {FileError}
 */
export function expectWritable(path: string, force: boolean): void {
  if (existsSync(path) && !force) {
    throw new FileError(`${path} exists already`, "Choose another name with --out, or give --force to replace it.");
  }
}

/** Writes a file whole or not at all, mode 0600. @throws {FileError} if it exists and `force` is not given */
export async function writeFileWhole(path: string, content: string | Uint8Array, force: boolean): Promise<void> {
  expectWritable(path, force);
  await throughTemporary(path, content, (temporary) =>
    force ? rename(temporary, path) : linkNew(temporary, path, "Choose another name with --out, or give --force."),
  );
}

/** Writes a file of secrets, mode 0600. What is there already is never replaced. @throws {FileError} */
export async function writeSecretFile(path: string, content: string): Promise<void> {
  await throughTemporary(path, content, (temporary) =>
    linkNew(temporary, path, "Choose another name; files with secrets are never overwritten."),
  );
}

/**
 * Writes the result of a command that gives the same result when it is run again: a file that holds it already stays.
 * @throws {FileError} if it holds something else; `force` then replaces it, unless it is a secret
 */
export async function writeResult(
  path: string,
  content: string,
  { force = false, secret = false }: { readonly force?: boolean; readonly secret?: boolean },
): Promise<void> {
  if (existsSync(path) && (await readFile(path, "utf8")) === content) return;
  if (secret) await writeSecretFile(path, content);
  else await writeFileWhole(path, content, force);
}

/** @throws {FileError} if there is no such file or it is none of text */
export async function readTextFile(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new FileError(`cannot read ${path}${missing ? ": there is no such file" : ""}`, `Give the path of ${what}.`, {
      cause,
    });
  }
}

/** Unlike a rename, a hard link fails if the name is taken meanwhile. */
async function linkNew(temporary: string, path: string, fix: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    throw new FileError(`${path} exists already`, fix);
  }
}

async function throughTemporary(
  path: string,
  content: string | Uint8Array,
  publish: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await publish(temporary);
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw new FileError(`cannot write ${path}`, "Choose a folder that exists and is writable.", { cause });
  } finally {
    await rm(temporary, { force: true });
  }
}
