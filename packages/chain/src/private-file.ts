import { ZkcmpError } from "@zkcmp/field/error";

/** A file with secrets cannot be read, written or trusted. Messages name files, never contents. */
export class PrivateFileError extends ZkcmpError {}

/**
 * Files that only their owner can read: node-private-file.ts on a disk, browser-private-file.ts in a browser's storage. The import
 * "#private-file" gives the one that belongs to the place where the program runs, by the conditions in package.json.
 */
export interface PrivateFiles {
  /** Creates a folder, and those above it, that only its owner can enter. @throws {PrivateFileError} */
  makeFolder(path: string): Promise<void>;
  /**
   * Writes a file that is either the old one or the new one after a crash, never half of one, and that is on the disk when this
   * returns.
   * @throws {PrivateFileError}
   */
  write(path: string, text: string): Promise<void>;
  /** The same, but never over a file that exists. @returns false if one does */
  create(path: string, text: string): Promise<boolean>;
  /**
   * Reads a file that others must not be able to read.
   * @returns null if there is none
   * @throws {PrivateFileError} if it cannot be read, or others can
   */
  read(path: string): Promise<string | null>;
  /** Names of the files in a folder, without those of folders in it; none if there is no such folder. @throws {PrivateFileError} */
  names(folder: string): Promise<string[]>;
  /** One path of several parts. */
  join(...parts: string[]): string;
  /** The same path, valid wherever the next program is started. */
  absolute(path: string): string;
}
