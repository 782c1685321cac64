import { execFileSync } from "node:child_process";
import { cpus } from "node:os";

/** One measured figure, a line of `npm run bench -- --json`. */
export interface Figure {
  readonly id: string;
  /** null where it could not be measured; the note says why. */
  readonly value: number | null;
  readonly unit: "s" | "ns" | "bytes" | "gas" | "constraints" | "x";
  readonly bar: number | null;
  readonly better: "lower" | "higher";
  readonly peer: { readonly name: string; readonly version: string; readonly value: number } | null;
  readonly ratio: number | null;
  readonly runs: number;
  readonly min?: number;
  readonly max?: number;
  readonly machine: string;
  readonly commit: string;
  readonly note: string;
}

/** What a measure says; machine, commit and the defaults are added. */
export type Measured = Pick<Figure, "id" | "value" | "unit" | "bar"> &
  Partial<Pick<Figure, "better" | "peer" | "ratio" | "runs" | "min" | "max" | "note">>;

/** Measures one or more figures whose ids are known before they run. */
export interface Measure {
  readonly ids: readonly string[];
  readonly run: () => Promise<Measured[]>;
}

function machine(): string {
  const processors = cpus();
  const model = (processors[0]?.model ?? "unknown processor").replace(/\s+/g, " ").replace(/ Processor.*$/, "");
  return `${processors.length}x ${model}, Node ${process.versions.node}`;
}

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
}

const surroundings = { machine: machine(), commit: commit() };

export function figureOf(measured: Measured): Figure {
  return { better: "lower", peer: null, ratio: null, runs: 1, note: "", ...surroundings, ...measured };
}

/** Median, smallest and largest of some seconds. */
export function spread(seconds: readonly number[]): { value: number; min: number; max: number; runs: number } {
  const sorted = [...seconds].sort((a, b) => a - b);
  return { value: sorted[sorted.length >> 1]!, min: sorted[0]!, max: sorted.at(-1)!, runs: sorted.length };
}

/** Seconds of each of some runs. */
export async function timed(runs: number, action: () => Promise<unknown>): Promise<number[]> {
  const seconds: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await action();
    seconds.push((performance.now() - start) / 1000);
  }
  return seconds;
}
