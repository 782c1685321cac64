import { readFile } from "node:fs/promises";
import { CommanderError } from "@commander-js/extra-typings";
import { exitCode } from "./exit-code.ts";
import { Output } from "./output.ts";
import { createProgram } from "./program.ts";
import { Session } from "./session.ts";

const HELP_CODES: readonly string[] = ["commander.helpDisplayed", "commander.version", "commander.help"];

/**
 * Runs one command of zkcmp.
 * @param args the words after the program's name
 * @returns the exit code, one of EXIT_CODES
 */
export async function main(args: readonly string[]): Promise<number> {
  const output = new Output({ stdout: process.stdout, stderr: process.stderr });
  output.configure({ json: args.includes("--json"), command: "zkcmp" });
  const session = new Session(output, { input: process.stdin, output: process.stderr });
  process.once("SIGINT", () => {
    output.clear();
    process.exit(exitCode("interrupted"));
  });
  try {
    await createProgram(session, await version()).parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && HELP_CODES.includes(error.code))
      return error.exitCode === 0 ? 0 : exitCode("usage");
    return output.failure(error);
  } finally {
    await session.close();
  }
}

async function version(): Promise<string> {
  const text = await readFile(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
