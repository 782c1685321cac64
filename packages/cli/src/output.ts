import type { Progress } from "@zkcmp/sale/proof-system";
import { describeFailure } from "./failure.ts";
import { ProgressBar } from "./progress-bar.ts";

/** Where a command's output goes. */
export interface Streams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** A value that has a JSON form once its bigints are written as decimal strings. */
export type Reportable = Readonly<Record<string, unknown>>;

/** The steps of setup and proof in words. */
const STEP_NAMES: Readonly<Record<string, string>> = {
  compile: "compiling the circuit",
  setup: "making the development key",
  witness: "calculating the witness",
  prove: "proving",
  verify: "verifying the proof",
};

/**
 * What a command says: its result on standard output, everything else on standard error. With `--json` the result, or
 * the error, is one JSON object on one line, and nothing else is on standard output.
 */
export class Output {
  readonly #streams: Streams;
  readonly #bar: ProgressBar;
  #json = false;
  #command = "zkcmp";

  constructor(streams: Streams) {
    this.#streams = streams;
    this.#bar = new ProgressBar(streams.stderr);
  }

  /** @param command the words that name the command, such as `order create` */
  configure(options: { readonly json: boolean; readonly command: string }): void {
    this.#json = options.json;
    this.#command = options.command;
  }

  /** The step that runs, with a bar and the time left where standard error is a terminal. */
  readonly progress: Progress = (step, done) => this.#bar.show(STEP_NAMES[step] ?? step, done);

  /** A sentence beside the result. */
  note(text: string): void {
    this.#bar.clear();
    this.#streams.stderr.write(`${printable(text)}\n`);
  }

  /** The result, once for each command: `value` with --json, else `lines`. */
  result(value: Reportable, lines: readonly string[]): void {
    this.#bar.clear();
    const text = this.#json
      ? `${toJson({ ok: true, command: this.#command, ...value })}\n`
      : lines.map((line) => `${printable(line)}\n`).join("");
    this.#streams.stdout.write(text);
  }

  /** Text of the help, which is the result of `--help`. */
  help(text: string): void {
    this.#streams.stdout.write(text);
  }

  /** Says what went wrong. @returns the exit code */
  failure(error: unknown): number {
    this.#bar.clear();
    const { code, name, message, fix } = describeFailure(error);
    if (this.#json) {
      const value = { ok: false, command: this.#command, error: { code, name, message, fix } };
      this.#streams.stdout.write(`${toJson(value)}\n`);
    }
    this.#streams.stderr.write(`zkcmp: ${printable(message)}\n`);
    if (process.env.ZKCMP_DEBUG === "1") this.#streams.stderr.write(`${traceOf(error)}\n`);
    return code;
  }

  /** Ends the progress bar, so that other text can follow. */
  clear(): void {
    this.#bar.clear();
  }
}

/**
 * What is quoted of files and nodes was written by others and must not steer the terminal: control characters but line
 * ends and tabs, and marks that turn the direction of writing, become question marks.
 */
function printable(text: string): string {
  return text.replace(/[^\P{C}\n\t]|[\u2028\u2029]/gu, "?");
}

function toJson(value: unknown): string {
  return JSON.stringify(value, (_, entry: unknown) => (typeof entry === "bigint" ? entry.toString() : entry));
}

function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by ${traceOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
