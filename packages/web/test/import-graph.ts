import { builtinModules, isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** Names that Node has and browsers lack, and what makes code of text, which the page's policy refuses. */
const NODE_GLOBALS = ["Buffer", "process", "global", "__dirname", "setImmediate", "Function", "eval"] as const;

/** Takes the place of every free use of such a name, so that it is found in what was bundled. */
const MARK = "node_global_";

/** What a program for browsers reaches of Node's. */
export interface NodeUse {
  /** The module or the name. */
  readonly what: string;
  /** Files from the entry to the one that has it. */
  readonly chain: readonly string[];
}

/**
 * Bundles a program as for any browser, and gives all of Node's that is left in it, with the way there.
 * @param program imports, relative to the repository's root
 */
export async function nodeUses(program: string): Promise<NodeUse[]> {
  const { metafile, outputFiles } = await build({
    stdin: { contents: program, sourcefile: "program.ts", resolveDir: ROOT, loader: "ts" },
    absWorkingDir: ROOT,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    jsx: "automatic",
    loader: { ".css": "empty", ".svg": "empty" },
    // Vite makes a file of its own of a worker; here it is an entry.
    external: [...builtinModules, "node:*", "*?worker&url"],
    define: {
      ...Object.fromEntries(NODE_GLOBALS.map((name) => [name, MARK + name])),
      // As every bundler for browsers does, for React.
      "process.env.NODE_ENV": '"production"',
    },
    minifySyntax: true,
    splitting: true,
    outdir: "out",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const uses = new Map<string, NodeUse>();
  const add = (what: string, file: string) => uses.set(`${what} ${file}`, { what, chain: chainTo(metafile, file) });
  for (const [file, { imports }] of Object.entries(metafile.inputs)) {
    for (const { path, external } of imports) if (external && isBuiltin(path)) add(path, file);
  }
  for (const { text } of outputFiles) {
    // esbuild writes the name of every file above its code.
    let file = "";
    for (const line of text.split("\n")) {
      file = /^\/\/ (\S+\.\w+)$/.exec(line)?.[1] ?? file;
      for (const [, name] of line.matchAll(new RegExp(`${MARK}(\\w+)`, "g"))) add(name!, file);
    }
  }
  return [...uses.values()];
}

/** The shortest way from the program to a file, over what is imported. */
function chainTo({ inputs }: Metafile, file: string): string[] {
  const from = new Map<string, string | null>([["program.ts", null]]);
  for (const known of from.keys()) {
    for (const { path } of inputs[known]?.imports ?? []) if (!from.has(path)) from.set(path, known);
  }
  const chain: string[] = [];
  for (let at: string | null = file; at !== null; at = from.get(at) ?? null) chain.unshift(at);
  return chain.slice(1);
}
