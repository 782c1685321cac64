import { spawn } from "node:child_process";
import { watchMemory } from "./resident-memory.ts";

/**
 * Runs a script of this folder in a process of its own.
 * @returns what the last line that it writes says as JSON, and its peak memory in bytes where it can be seen
 * @throws {Error} if it fails; what it says about that goes to standard error
 */
export async function measuredProcess<T>(
  script: string,
  parameters: readonly string[],
): Promise<{ result: T; peakMemory: number | null }> {
  const path = new URL(script, import.meta.url).pathname;
  const child = spawn(process.execPath, [path, ...parameters], { stdio: ["ignore", "pipe", "inherit"] });
  let stop = watchMemory(child.pid!);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    // What comes before that line, such as a setup, does not count.
    if (chunk.toString().includes(START)) {
      stop();
      stop = watchMemory(child.pid!);
    }
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const peakMemory = stop();
  if (code !== 0) throw new Error(`${script} ended with exit code ${code}`);
  return { result: JSON.parse(output.trim().split("\n").at(-1)!) as T, peakMemory };
}

/** A line that a script may write when what is measured begins. */
export const START = "start";

/** A peak in words. */
export function describeMemory(bytes: number | null): string {
  return bytes === null ? "not measured on this system" : `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}
