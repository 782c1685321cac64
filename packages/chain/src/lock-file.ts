import { ZkcmpError } from "@zkcmp/field/error";

/** Another process, or another step of this one, is at work on the same file. */
export class LockError extends ZkcmpError {}

/**
 * Does `work` while all others are kept from doing the same with this path. Nothing that runs no more keeps a lock.
 * node-lock-file.ts or, in a browser, browser-lock-file.ts; the import "#lock-file" gives the one that belongs to the place where
 * the program runs.
 * @param patience seconds to wait for another process or page
 * @throws {LockError} when they are over
 */
export type WithLock = <T>(path: string, patience: number, work: () => Promise<T>) => Promise<T>;
