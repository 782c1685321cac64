import { ZkcmpError } from "@zkcmp/field/error";

/** The store of trusted keys cannot be read, or somebody else could have written it. */
export class TrustStoreError extends ZkcmpError {}

/**
 * The file of a trust store: node-trust-file.ts on a disk, browser-trust-file.ts in a browser's storage. The import "#trust-file" gives
 * the one that belongs to the place where the program runs, by the conditions in package.json.
 */
export interface TrustFile {
  /** @returns null if there is none; @throws {TrustStoreError} if it cannot be read, or others may write to it */
  read(path: string): Promise<string | null>;
  /** Replaces it whole. @throws {TrustStoreError} */
  write(path: string, text: string): Promise<void>;
}
