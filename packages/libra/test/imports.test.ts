import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const SOURCES = path.resolve(import.meta.dirname, "../src");

/** Files that only a prover may load. */
function isProver(file: string): boolean {
  const inside = path.relative(SOURCES, file);
  return (
    inside.startsWith(`prover${path.sep}`) ||
    [path.join("sale", "prover.ts"), path.join("sale", "witness.ts")].includes(inside)
  );
}

/** What a buyer's verification starts from. proof-system.ts has both ends and is left out. */
function verifierFiles(): string[] {
  const below = (folder: string) =>
    readdirSync(path.join(SOURCES, folder))
      .filter((name) => name.endsWith(".ts"))
      .map((name) => path.join(SOURCES, folder, name));
  const sale = ["verifier.ts", "public-data.ts", "sale-system.ts"].map((name) => path.join(SOURCES, "sale", name));
  return [
    ...below("verifier"),
    ...below("circuit"),
    ...below(".").filter((file) => path.basename(file) !== "proof-system.ts"),
    ...sale.filter((file) => existsSync(file)),
  ];
}

/** Everything that the source imports or exports from elsewhere, types left out: they are gone when it runs. */
function importsOf(source: string): string[] {
  const statements = source.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^;]*?\sfrom\s+)?"([^"]+)"/gm);
  const dynamic = source.matchAll(/\bimport\(\s*"([^"]+)"/g);
  return [...statements, ...dynamic].map((match) => match[1]!);
}

function resolve(specifier: string, from: string): string | null {
  if (specifier.startsWith(".")) return path.resolve(path.dirname(from), specifier);
  if (specifier.startsWith("@zkcmp/")) return fileURLToPath(import.meta.resolve(specifier));
  return null;
}

describe("imports of the verifier", () => {
  it("reach no file of the prover", () => {
    const from = new Map<string, string | null>(verifierFiles().map((file) => [file, null]));
    for (const [file] of from) {
      for (const specifier of importsOf(readFileSync(file, "utf8"))) {
        const imported = resolve(specifier, file);
        if (imported !== null && !from.has(imported)) from.set(imported, file);
      }
    }
    const reached = [...from].filter(([file]) => isProver(file)).map(([file, importer]) => `${importer} -> ${file}`);
    expect(reached).to.deep.equal([]);
    // The walk went somewhere: down to the field's kernels.
    expect([...from.keys()].some((file) => file.endsWith(path.join("field", "src", "element.ts")))).to.equal(true);
  });

  it("are found by the walk in every way of writing them", () => {
    const source = [
      'import { a } from "./a.ts";',
      'import { type T, b } from "./b.ts";',
      'import "./c.ts";',
      'import * as d from "./d.ts";',
      'export { e } from "./e.ts";',
      "import {",
      "  f,",
      '} from "./f.ts";',
      'const g = await import("./g.ts");',
      'import type { T } from "./types.ts";',
    ].join("\n");
    expect(importsOf(source)).to.deep.equal(["a", "b", "c", "d", "e", "f", "g"].map((name) => `./${name}.ts`));
  });
});
