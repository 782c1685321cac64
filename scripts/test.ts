// Runs everything that `npm test` promises, the long stages side by side for two cores, and counts the tests: a suite that a file
// name or a glob silently drops is a failure here, not a faster run. A stage's output is shown when the stage has ended.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";

interface Stage {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Whether the stage's output ends with counts of tests. */
  readonly counted?: boolean;
}

const node = process.execPath;
/** The stages of a group run side by side, the groups one after the other: Solidity's tests compile into the folders that others read. */
const groups: readonly (readonly Stage[])[] = [
  [{ name: "lint", command: ["npm", "run", "--silent", "lint"] }],
  [{ name: "solidity", command: ["npx", "hardhat", "test", "solidity"], counted: true }],
  [
    { name: "contracts, circuits, findings, cli", command: ["npx", "hardhat", "test", "mocha"], counted: true },
    {
      name: "packages",
      // Beside another stage, a test without a limit of its own may need more than mocha's two seconds.
      command: [
        node,
        ...["node_modules/mocha/bin/mocha.js", "--timeout", "30000"],
        ...["packages/*/test/**/*.test.ts", "demo/test/**/*.test.ts"],
      ],
      counted: true,
    },
  ],
];

const record = new URL("../test/recorded-count.json", import.meta.url);
const recorded = z.strictObject({ passed: z.int() }).parse(JSON.parse(readFileSync(record, "utf8")));

/** Runs a stage and gives its exit code and what it printed, errors included. */
async function run(stage: Stage): Promise<{ code: number; output: string }> {
  const [program, ...parameters] = stage.command;
  const child = spawn(program, parameters, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => (output += text));
  }
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  });
  return { code, output };
}

/** The sum over all lines such as `12 passing (3s)`. */
function count(output: string, word: string): number {
  return [...output.matchAll(new RegExp(`^\\s*(\\d+) ${word}\\b`, "gm"))].reduce(
    (sum, match) => sum + Number(match[1]),
    0,
  );
}

const totals = { passed: 0, failed: 0, skipped: 0 };
const broken: string[] = [];
async function report(stage: Stage): Promise<void> {
  const start = performance.now();
  console.log(`== ${stage.name}: started`);
  const { code, output } = await run(stage);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`\n== ${stage.name}\n${output}\n== ${stage.name}: exit ${code} after ${seconds} s`);
  if (stage.counted === true) {
    const passed = count(output, "passing");
    totals.passed += passed;
    totals.failed += count(output, "failing");
    totals.skipped += count(output, "pending") + count(output, "skipped");
    if (passed === 0) broken.push(`${stage.name} ran no test`);
  }
  if (code !== 0) broken.push(`${stage.name} ended with exit code ${code}`);
}

for (const group of groups) await Promise.all(group.map(report));

// Tests that need the shared data skip where it is missing; they are not missing from the count.
const ran = totals.passed + totals.failed + totals.skipped;
if (process.argv.includes("--record")) {
  writeFileSync(record, `${JSON.stringify({ passed: ran })}\n`);
} else if (ran < recorded.passed) {
  broken.push(`${ran} tests ran, test/recorded-count.json asks for at least ${recorded.passed}`);
}
for (const problem of broken) console.error(`problem: ${problem}`);
console.log(`\n${totals.passed} passed, ${Math.max(totals.failed, broken.length)} failed, ${totals.skipped} skipped`);
process.exitCode = broken.length === 0 && totals.failed === 0 ? 0 : 1;
