import { randomBytes } from "node:crypto";
import { link, readFile, rm, stat, writeFile } from "node:fs/promises";
import { LockError, type WithLock } from "./lock-file.ts";

const POLL_MILLISECONDS = 20;

/** A helper file of the take-over that is older than this was left behind by a crash. */
const TAKEOVER_SECONDS = 10;

/**
 * The lock is the file `PATH.lock`, which holds the number of this process. That of a process that does not run any
 * more is taken over.
 */
export const withLock: WithLock = async (path, patience, work) => {
  const lock = `${path}.lock`;
  const end = performance.now() + 1000 * patience;
  while (!(await tryCreate(lock))) {
    const holder = await holderOf(lock);
    if (holder !== null && !isAlive(holder)) {
      await removeStale(lock, holder);
    } else if (performance.now() >= end) {
      throw new LockError(
        `${path} is in use by process ${holder ?? "unknown"}`,
        `Wait until that command has ended and run this one again; if that process is no zkcmp, remove ${lock}.`,
      );
    } else {
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
    }
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
};

/** Linking a written file into place makes the lock appear with its content, or not at all. */
async function tryCreate(path: string): Promise<boolean> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await writeFile(temporary, `${process.pid}\n`, { flag: "wx", mode: 0o600 });
    await link(temporary, path);
    return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    throw new LockError(`Cannot make the lock ${path}: ${code}`, "Choose a folder that exists and can be written.");
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The process that holds a lock; null once it is gone. */
async function holderOf(path: string): Promise<number | null> {
  try {
    return Number.parseInt(await readFile(path, "utf8"), 10) || null;
  } catch {
    return null;
  }
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Two processes may find the same stale lock: only one of them may remove it, and only if it is still the stale one. */
async function removeStale(lock: string, holder: number): Promise<void> {
  const takeover = `${lock}.takeover`;
  if (await tryCreate(takeover)) {
    try {
      if ((await holderOf(lock)) === holder) await rm(lock, { force: true });
    } finally {
      await rm(takeover, { force: true });
    }
    return;
  }
  const made = await stat(takeover).then(
    (entry) => entry.mtimeMs,
    () => null,
  );
  if (made !== null && Date.now() - made > 1000 * TAKEOVER_SECONDS) await rm(takeover, { force: true });
  await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
}
