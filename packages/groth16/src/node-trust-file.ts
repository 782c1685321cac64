import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { type TrustFile, TrustStoreError } from "./trust-file.ts";

/** A file of mode 0600 that is replaced by a rename. */
export const trustFile: TrustFile = {
  read: async (path) => {
    try {
      if (process.platform !== "win32" && ((await stat(path)).mode & 0o022) !== 0) {
        throw new TrustStoreError(
          `Others may write to ${path}`,
          `Check what stands in it, then run: chmod 600 ${path}`,
        );
      }
      return await readFile(path, "utf8");
    } catch (cause) {
      if (cause instanceof TrustStoreError) throw cause;
      if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw new TrustStoreError(`${path} cannot be read`, "Check the file's owner and its mode", { cause });
    }
  },
  write: async (path, text) => {
    // The store may be what creates the home folder, and secrets will lie beside it.
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
    try {
      const file = await open(temporary, "wx", 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (cause) {
      throw new TrustStoreError(`${path} cannot be written`, "Check the folder and the space on the disk", { cause });
    } finally {
      await rm(temporary, { force: true });
    }
  },
};
