import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const PROGRAM = fileURLToPath(new URL("../../packages/cli/bin/zkcmp.mjs", import.meta.url));

/** How one run of zkcmp ended. */
export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** The folder in which the program runs. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs zkcmp in a process of its own, without a terminal. */
export async function zkcmp(args: readonly string[], { folder, environment = {} }: RunOptions): Promise<Run> {
  // Nothing of the environment of the tests may name a home, a chain or a password.
  const { PATH } = process.env;
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: folder,
    env: { PATH, HOME: folder, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (texts.stderr += chunk.toString()));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (...ended) => resolve(ended));
  });
  return { code, signal, ...texts };
}

/** Runs a command that must end well, with --json. @returns its result */
export async function zkcmpJson(args: readonly string[], options: RunOptions): Promise<Record<string, unknown>> {
  const run = await zkcmp([...args, "--json"], options);
  expect(run.code, `zkcmp ${args.join(" ")}: ${run.stderr}`).to.equal(0);
  expect(run.stdout, "one line of JSON").to.match(/^\{.*\}\n$/);
  return JSON.parse(run.stdout) as Record<string, unknown>;
}

/**
 * Expects that a run ended with an exit code and one clear message.
 * @param words what the message has to say
 */
export function expectFailure(run: Run, code: number, ...words: readonly string[]): void {
  expect(run.code, run.stderr).to.equal(code);
  const messages = run.stderr.split("\n").filter((line) => line.startsWith("zkcmp: "));
  expect(messages, run.stderr).to.have.length(1);
  for (const word of words) expect(messages[0]).to.contain(word);
  expect(run.stderr, "no stack trace").to.not.match(/^\s+at /m);
}
