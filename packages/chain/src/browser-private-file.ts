import { createText, FileDatabaseError, pathsBelow, readText, writeText } from "@zkcmp/network/file-database";
import { PrivateFileError, type PrivateFiles } from "./private-file.ts";

/** Files in this site's storage, which no other site can read. A folder is the beginning of a name. */
export const privateFiles: PrivateFiles = {
  makeFolder: () => Promise.resolve(),
  write: (path, text) => named(writeText(path, text)),
  create: (path, text) => named(createText(path, text)),
  read: (path) => named(readText(path)),
  names: async (folder) =>
    (await named(pathsBelow(folder))).flatMap((path) => {
      const name = path.slice(folder.length + 1);
      return name.includes("/") ? [] : [name];
    }),
  join: (...parts) => parts.join("/"),
  absolute: (path) => path,
};

async function named<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof FileDatabaseError)) throw error;
    throw new PrivateFileError(error.problem, error.fix, { cause: error.cause });
  }
}
