import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { ZkcmpError } from "@zkcmp/field/error";
import * as z from "zod";
import { hashFile } from "./new-file.ts";

const require = createRequire(import.meta.url);

/** circomlib's circuits; part of every include path. */
export const CIRCOMLIB = join(dirname(require.resolve("circomlib/package.json")), "circuits");

/** What to compile: the text of the main component and the folders in which its includes are looked for. */
export interface CircuitSource {
  /** Names the files of the build: letters, digits, `-` and `_`. */
  readonly name: string;
  /** The text of the main file: pragma, includes, `component main`. */
  readonly main: string;
  /** Folders for includes, searched in this order; circomlib's comes last by itself. */
  readonly includes: readonly string[];
}

export interface CompileOptions {
  /** Builds go to `<buildFolder>/<name>-<hash>/`. */
  readonly buildFolder: string;
  /**
   * O2 substitutes all linear constraints (fewer constraints, faster proofs), O1 only the trivial ones (faster), O0 none:
   * every signal of the source keeps a wire, as tests with forged witnesses need it.
   */
  readonly optimisation?: "O0" | "O1" | "O2";
}

export interface CompiledCircuit {
  readonly name: string;
  readonly folder: string;
  readonly r1csPath: string;
  readonly wasmPath: string;
  readonly symPath: string;
  readonly r1csSha256: string;
  /** Whether the build was there already. */
  readonly cached: boolean;
}

/** circom refused the source, or an include is missing. The message is the compiler's. */
export class CircuitSourceError extends ZkcmpError {
  constructor(name: string, message: string, options?: ErrorOptions) {
    super(`The circuit ${name} does not compile: ${message}`, "Correct the circuit's source", options);
  }
}

/**
 * Compiles a circuit with the WebAssembly build of circom into a folder named after a hash over every source file that
 * the main file reaches, the compiler's version and the flags; a second call finds it there. The folder appears by a
 * rename when it is complete, so that parallel or interrupted calls do no harm.
 * @throws {CircuitSourceError}
 */
export async function compileCircuit(source: CircuitSource, options: CompileOptions): Promise<CompiledCircuit> {
  if (!/^[\w-]+$/.test(source.name)) throw new RangeError("a circuit's name has letters, digits, - and _ only");
  const flags = ["--r1cs", "--wasm", "--sym", `--${options.optimisation ?? "O2"}`];
  const tree = await collectSources(source);
  const folder = join(resolve(options.buildFolder), `${source.name}-${sourceHash(source, tree, flags).slice(0, 16)}`);

  const cached = await readBuild(source.name, folder);
  if (cached !== null) return { ...cached, cached: true };

  const staging = `${folder}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await stage(staging, source, tree);
    await runCircom(source.name, staging, tree, flags);
    const output = join(staging, "build");
    const { r1csPath, wasmPath } = artefacts(source.name, output);
    const manifest: Manifest = {
      r1csSha256: await hashFile(r1csPath, "sha256"),
      wasmSha256: await hashFile(wasmPath, "sha256"),
    };
    await writeFile(join(output, MANIFEST), `${JSON.stringify(manifest)}\n`);
    await publish(source.name, output, folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  const built = await readBuild(source.name, folder);
  if (built === null) throw new CircuitSourceError(source.name, `the build in ${folder} was damaged meanwhile`);
  return { ...built, cached: false };
}

const MANIFEST = "manifest.json";
const manifestSchema = z.strictObject({ r1csSha256: z.string(), wasmSha256: z.string() });
type Manifest = z.infer<typeof manifestSchema>;

function artefacts(name: string, folder: string) {
  return {
    r1csPath: join(folder, `${name}.r1cs`),
    wasmPath: join(folder, `${name}.wasm`),
    symPath: join(folder, `${name}.sym`),
  };
}

/** The main file's name while it is compiled: a file that includes its own name would find itself. */
const MAIN = "zkcmp-main-component";

/** A build whose files still have the hashes of its manifest, else null. */
async function readBuild(name: string, folder: string): Promise<Omit<CompiledCircuit, "cached"> | null> {
  const paths = artefacts(name, folder);
  try {
    const { r1csSha256, wasmSha256 } = manifestSchema.parse(JSON.parse(await readFile(join(folder, MANIFEST), "utf8")));
    if ((await hashFile(paths.r1csPath, "sha256")) !== r1csSha256) return null;
    if ((await hashFile(paths.wasmPath, "sha256")) !== wasmSha256) return null;
    return { name, folder, ...paths, r1csSha256 };
  } catch {
    return null;
  }
}

/**
 * Moves a complete build into place. A build that another call put there first is as good, and stays, since others may
 * be reading it; a damaged one is replaced.
 */
async function publish(name: string, output: string, folder: string): Promise<void> {
  try {
    await rename(output, folder);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    if ((await readBuild(name, folder)) !== null) return;
    await rm(folder, { recursive: true, force: true });
    await rename(output, folder);
  }
}

/** The source files that a main file reaches, with the folders that their common ancestor must span. */
interface SourceTree {
  /** Absolute path to text. */
  readonly files: ReadonlyMap<string, string>;
  readonly includes: readonly string[];
  readonly root: string;
}

async function collectSources(source: CircuitSource): Promise<SourceTree> {
  const includes = [...source.includes.map((folder) => resolve(folder)), CIRCOMLIB];
  const files = new Map<string, string>();
  const pending: { text: string; folder: string | null; name: string }[] = [
    { text: source.main, folder: null, name: source.name },
  ];
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    for (const target of includedPaths(current.text)) {
      const folders = current.folder === null ? includes : [current.folder, ...includes];
      const path = folders.map((folder) => resolve(folder, target)).find((candidate) => existsSync(candidate));
      if (path === undefined) {
        throw new CircuitSourceError(
          source.name,
          `${current.name} includes ${target}, which is not in ${folders.join(", ")}`,
        );
      }
      if (files.has(path)) continue;
      const text = await readFile(path, "utf8");
      files.set(path, text);
      pending.push({ text, folder: dirname(path), name: path });
    }
  }
  return { files, includes, root: commonAncestor([...files.keys(), ...includes]) };
}

/** The paths in `include "..."` statements outside comments. */
function includedPaths(text: string): string[] {
  const code = text.replace(/"[^"\n]*"|\/\/[^\n]*|\/\*[^]*?\*\//g, (match) => (match.startsWith('"') ? match : " "));
  return [...code.matchAll(/\binclude\s*"([^"\n]+)"/g)].map((match) => match[1] as string);
}

function commonAncestor(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split(sep));
  const length = first.findIndex((part, i) => others.some((other) => other[i] !== part));
  return first.slice(0, length < 0 ? first.length : length).join(sep) || sep;
}

/** Paths enter relative to the common ancestor, so that the hash does not depend on where the project lies. */
function sourceHash(source: CircuitSource, tree: SourceTree, flags: readonly string[]): string {
  const version = (require("circom2/package.json") as { version: string }).version;
  const files = [...tree.files].map(([path, text]) => [relative(tree.root, path).split(sep).join("/"), text] as const);
  files.sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = ["zkcmp/build/v1", version, flags, source.name, source.main, files];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/**
 * The compiler sees no file outside its working folder and the parents of that folder, and stumbles over include paths that
 * climb (error P1014): so it gets copies, below its working folder, at the same distances from each other.
 */
async function stage(staging: string, source: CircuitSource, tree: SourceTree): Promise<void> {
  await mkdir(join(staging, "output"), { recursive: true });
  await mkdir(join(staging, "build"));
  await mkdir(join(staging, "main"));
  await writeFile(join(staging, "main", `${MAIN}.circom`), source.main);
  for (const [path, text] of tree.files) {
    const copy = join(staging, "sources", relative(tree.root, path));
    await mkdir(dirname(copy), { recursive: true });
    await writeFile(copy, text);
  }
}

async function runCircom(name: string, staging: string, tree: SourceTree, flags: readonly string[]): Promise<void> {
  const libraries = tree.includes.flatMap((folder) => {
    const path = join("sources", relative(tree.root, folder));
    return existsSync(join(staging, path)) ? ["-l", path] : [];
  });
  const parameters = [join("main", `${MAIN}.circom`), ...flags, ...libraries, "-o", "output"];
  const child = spawn(process.execPath, [require.resolve("circom2/cli.js"), ...parameters], {
    cwd: staging,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => lines.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => lines.push(chunk));
  const code = await new Promise<number | null>((done, fail) => child.once("error", fail).once("close", done));
  const { r1csPath, wasmPath, symPath } = artefacts(name, join(staging, "build"));
  const moves = [
    [join(staging, "output", `${MAIN}.r1cs`), r1csPath],
    [join(staging, "output", `${MAIN}_js`, `${MAIN}.wasm`), wasmPath],
    [join(staging, "output", `${MAIN}.sym`), symPath],
    [join(staging, "main", `${MAIN}.circom`), join(staging, "build", `${name}.circom`)],
  ] as const;
  // A panic in the code generator leaves the .r1cs without the .wasm.
  if (code === 0 && moves.every(([from]) => existsSync(from))) {
    for (const [from, to] of moves) await rename(from, to);
    return;
  }
  throw new CircuitSourceError(name, compilerMessage(Buffer.concat(lines).toString("utf8")));
}

/** The compiler's words without colours. */
function compilerMessage(text: string): string {
  const lines = text
    .replace(/\u001b\[[0-9;]*m/g, "")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
  return lines.slice(-20).join("\n") || "the compiler ended without a message";
}
