import { createHash } from "node:crypto";
import { glob, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ZkcmpError } from "@zkcmp/field/error";
import { build } from "vite";

const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));

/** Where the built page is. */
export const PAGE_FOLDER = join(REPOSITORY, "build", "web");

/** Beside the page and not in it: the folder is what a host is given. */
const STAMP = join(REPOSITORY, "build", "web.sha256");

/** The page's sources have a mistake; the build has told which. */
export class PageBuildError extends ZkcmpError {}

/** All that the page is made of. */
const SOURCES = [
  "package-lock.json",
  "packages/*/package.json",
  "packages/*/src/**/*",
  "packages/web/index.html",
  "packages/web/vite.config.ts",
  "packages/web/public/**/*",
];

/**
 * Builds the page, unless it was built from these very sources.
 * @param onBuild called before a build, which takes some seconds
 * @returns {@link PAGE_FOLDER}
 * @throws {PageBuildError}
 */
export async function builtPage(onBuild: () => void = () => undefined): Promise<string> {
  const digest = await sourcesDigest();
  const built = await readFile(STAMP, "utf8").catch(() => null);
  const isWhole = await readFile(join(PAGE_FOLDER, "index.html")).then(
    () => true,
    () => false,
  );
  if (built === digest && isWhole) return PAGE_FOLDER;
  onBuild();
  try {
    await build({ configFile: join(REPOSITORY, "packages/web/vite.config.ts"), logLevel: "error" });
  } catch (cause) {
    throw new PageBuildError("the page's sources do not build", "Correct what is named above.", { cause });
  }
  await mkdir(join(REPOSITORY, "build"), { recursive: true });
  await writeFile(STAMP, digest);
  return PAGE_FOLDER;
}

async function sourcesDigest(): Promise<string> {
  const names = new Set<string>();
  for await (const entry of glob(SOURCES, { cwd: REPOSITORY, withFileTypes: true })) {
    if (entry.isFile()) names.add(join(entry.parentPath, entry.name));
  }
  const hash = createHash("sha256");
  for (const name of [...names].sort()) {
    const content = await readFile(name);
    hash.update(`${name.slice(REPOSITORY.length)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}
