import { FileDatabaseError, readText, writeText } from "@zkcmp/network/file-database";
import { type TrustFile, TrustStoreError } from "./trust-file.ts";

/** A text in this site's storage, which no other site can write. */
export const trustFile: TrustFile = {
  read: (path) => named(readText(path)),
  write: (path, text) => named(writeText(path, text)),
};

async function named<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof FileDatabaseError)) throw error;
    throw new TrustStoreError(error.problem, error.fix, { cause: error.cause });
  }
}
