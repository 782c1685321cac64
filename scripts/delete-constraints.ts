// The deletion test: weakens every constraint of the hand-written circuits, one at a time, and runs the must-reject tests
// of its template against the weakened circuit. `a <== e` becomes `a <-- e`, `e === f` goes. At least one test must then
// see a forged witness accepted; where none does, either a test or a reason for the constraint is missing.
//   node scripts/delete-constraints.ts [part of a file name, template or statement]
import { spawn } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type ConstraintStatement, constraintStatements, weaken } from "../test/circuits/circuit-source.ts";

interface Deletion extends ConstraintStatement {
  readonly file: string;
}

type Outcome = { readonly killed: true; readonly by: string } | { readonly killed: false; readonly reason: string };

const root = fileURLToPath(new URL("..", import.meta.url));
const circuits = join(root, "circuits");
const workspace = join(root, "build/deletion");

const reportSchema = z.object({
  stats: z.object({ passes: z.number() }),
  failures: z.array(z.object({ fullTitle: z.string(), err: z.object({ message: z.string().optional() }).loose() })),
});

/** `TopLabel` is tested by test/circuits/top-label.test.ts. */
function suiteOf(template: string): string {
  return `test/circuits/${template.replace(/(?!^)[A-Z]/g, "-$&").toLowerCase()}.test.ts`;
}

async function runSuite(suite: string, circuitsFolder: string): Promise<string> {
  const mocha = [join(root, "node_modules/mocha/bin/mocha.js"), "--reporter", "json", suite];
  const child = spawn(process.execPath, mocha, {
    cwd: root,
    env: { ...process.env, ZKCMP_CIRCUITS_FOLDER: circuitsFolder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await new Promise((done, fail) => child.once("error", fail).once("close", done));
  return output;
}

async function deleteOne(deletion: Deletion, index: number): Promise<Outcome> {
  const folder = join(workspace, String(index));
  try {
    cpSync(circuits, join(folder, "circuits"), { recursive: true });
    const path = join(folder, "circuits", deletion.file);
    writeFileSync(path, weaken(readFileSync(path, "utf8"), deletion));
    const output = await runSuite(suiteOf(deletion.template), join(folder, "circuits"));
    const report = reportSchema.parse(JSON.parse(output.slice(output.indexOf("{"))));
    const accepted = report.failures.find(({ err }) => JSON.stringify(err).includes("forged witness was accepted"));
    if (accepted !== undefined) return { killed: true, by: accepted.fullTitle };
    const other = report.failures[0];
    if (other !== undefined) return { killed: false, reason: `"${other.fullTitle}" broke: ${other.err.message ?? ""}` };
    return { killed: false, reason: `none of ${report.stats.passes} tests noticed` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const wanted = process.argv[2] ?? "";
const deletions = globSync("**/*.circom", { cwd: circuits })
  .sort()
  .flatMap((file) =>
    constraintStatements(readFileSync(join(circuits, file), "utf8")).map((statement): Deletion => ({
      ...statement,
      file,
    })),
  )
  .filter(({ file, template, text }) => [file, template, text].some((part) => part.includes(wanted)));

mkdirSync(workspace, { recursive: true });
const start = performance.now();
const outcomes = new Map<Deletion, Outcome>();
const pending = deletions.entries();
await Promise.all(
  Array.from({ length: Math.max(1, availableParallelism()) }, async () => {
    for (const [index, deletion] of pending) {
      const outcome = await deleteOne(deletion, index);
      outcomes.set(deletion, outcome);
      const { file, line, template, text } = deletion;
      const verdict = outcome.killed ? `killed by "${outcome.by}"` : `SURVIVED: ${outcome.reason}`;
      console.log(`circuits/${file}:${line} ${template}: ${text} ${verdict}`);
    }
  }),
);
rmSync(workspace, { recursive: true, force: true });

const survivors = deletions.filter((deletion) => outcomes.get(deletion)?.killed !== true);
const killed = deletions.length - survivors.length;
const seconds = ((performance.now() - start) / 1000).toFixed(0);
console.log(`\n${killed} of ${deletions.length} deletions killed in ${seconds} s`);
for (const { file, line, text } of survivors) console.log(`survivor: circuits/${file}:${line} ${text}`);
process.exitCode = survivors.length === 0 && deletions.length > 0 ? 0 : 1;
