import { createInterface, type Interface } from "node:readline/promises";
import { Writable } from "node:stream";
import { DeclinedError } from "./cli-error.ts";

/** A terminal to ask at. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/**
 * Asks before something that spends or gives away. Only `y` and `yes` are a yes.
 * @param yes the option --yes: answers for the user
 * @throws {DeclinedError} for any other answer, or where nobody can be asked
 */
export async function confirm(terminal: Terminal, question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (terminal.input.isTTY !== true) {
    throw new DeclinedError(
      `${question} This needs a yes, and there is no terminal to ask at`,
      "Read what the command does and give --yes.",
    );
  }
  const answer = await ask(terminal, `${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) {
    throw new DeclinedError("the answer was not yes, so nothing was sent", "Run the command again to be asked again.");
  }
}

async function ask(terminal: Terminal, question: string): Promise<string> {
  const lines = createInterface({ input: terminal.input, output: terminal.output });
  return answerOf(lines, question);
}

/** Asks for a text that is not shown while it is typed. Only at a terminal. */
export async function askSecret(terminal: Terminal, question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: terminal.input, output: silent, terminal: true });
  // After the interface has turned the terminal's own echo off.
  terminal.output.write(question);
  try {
    return await answerOf(lines, "");
  } finally {
    terminal.output.write("\n");
  }
}

/** @throws {DeclinedError} if the input ends, or is interrupted, before there is an answer */
async function answerOf(lines: Interface, question: string): Promise<string> {
  const ended = new Promise<never>((_, reject) => {
    lines.once("close", () =>
      reject(new DeclinedError("the question was not answered, so nothing was sent", "Run the command again.")),
    );
  });
  try {
    return await Promise.race([lines.question(question), ended]);
  } finally {
    ended.catch(() => undefined);
    lines.close();
  }
}
