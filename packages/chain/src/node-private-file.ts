import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ZkcmpError } from "@zkcmp/field/error";
import { PrivateFileError, type PrivateFiles } from "./private-file.ts";

/** Folders of mode 0700 and files of mode 0600. */
export const privateFiles: PrivateFiles = { makeFolder, write, create, read, names, join, absolute: resolve };

async function makeFolder(path: string): Promise<void> {
  try {
    const created = await mkdir(path, { recursive: true, mode: 0o700 });
    // The process's umask may have taken bits away, and nothing is said about a folder that was there before.
    if (created === undefined) await refuseOpenFile(path, "700");
    else await chmod(path, 0o700);
  } catch (cause) {
    throw fault(cause, `Cannot make the folder ${path}`);
  }
}

/** A temporary file, fsync, rename, fsync of the folder. */
async function write(path: string, text: string): Promise<void> {
  const temporary = await writeTemporary(path, text);
  try {
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    await rm(temporary, { force: true });
    throw fault(cause, `Cannot write ${path}`);
  }
}

async function create(path: string, text: string): Promise<boolean> {
  const temporary = await writeTemporary(path, text);
  try {
    await link(temporary, path);
    await syncFolder(dirname(path));
    return true;
  } catch (cause) {
    if (codeOf(cause) === "EEXIST") return false;
    throw fault(cause, `Cannot write ${path}`);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function read(path: string): Promise<string | null> {
  try {
    await refuseOpenFile(path, "600");
    return await readFile(path, "utf8");
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return null;
    throw fault(cause, `Cannot read ${path}`);
  }
}

async function names(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [] : [entry.name]));
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return [];
    throw fault(cause, `Cannot list ${folder}`);
  }
}

async function writeTemporary(path: string, text: string): Promise<string> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    return temporary;
  } catch (cause) {
    await rm(temporary, { force: true });
    throw fault(cause, `Cannot write ${path}`);
  }
}

/** After a rename the new name, too, has to reach the disk. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function refuseOpenFile(path: string, mode: string): Promise<void> {
  // Windows has no such modes.
  if (process.platform === "win32") return;
  if (((await stat(path)).mode & 0o077) !== 0) {
    throw new PrivateFileError(
      `${path} can be read by other users of this machine`,
      `Make it private with \`chmod ${mode}\`; if others may have read it, treat its secrets as known.`,
    );
  }
}

function codeOf(cause: unknown): string | undefined {
  return (cause as NodeJS.ErrnoException).code;
}

function fault(cause: unknown, problem: string): ZkcmpError {
  if (cause instanceof ZkcmpError) return cause;
  const reasons: Record<string, string> = {
    EACCES: "access is denied",
    ENOTDIR: "a part of the path is not a folder",
    EEXIST: "a part of the path is not a folder",
    EISDIR: "it is a folder",
    ENOENT: "its folder does not exist",
    ENOSPC: "the disk is full",
    EROFS: "the disk is read-only",
  };
  const code = codeOf(cause) ?? "unknown fault";
  return new PrivateFileError(`${problem}: ${reasons[code] ?? code}`, "Choose a place that exists and can be written.");
}
