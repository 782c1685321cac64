import type { PasswordSource } from "@zkcmp/chain/wallet";
import { KeyError } from "./cli-error.ts";
import { readTextFile } from "./file.ts";
import { askSecret } from "./prompt.ts";
import type { Session } from "./session.ts";

/** Where the password of something that exists comes from: --password-file, else ZKCMP_PASSWORD, else it is asked. */
export function passwordSource(session: Session, what: string): PasswordSource {
  return source(session, () => ask(session, `Password of ${what}: `));
}

/** The same for something new: a password that is typed is typed twice. */
export function newPasswordSource(session: Session, what: string): PasswordSource {
  return source(session, async () => {
    const password = await ask(session, `New password for ${what}: `);
    if ((await ask(session, "The same again: ")) !== password) {
      throw new KeyError("the two passwords differ", "Run the command again.");
    }
    return password;
  });
}

/** @throws {KeyError} if there is none */
export async function passwordFrom({ file, environment, prompt }: PasswordSource, what: string): Promise<string> {
  if (file !== undefined) {
    const text = await readTextFile(file, "a file with the password in its first line");
    return text.split(/\r?\n/)[0] ?? "";
  }
  const password = environment?.ZKCMP_PASSWORD ?? (await prompt?.());
  if (password === undefined) {
    throw new KeyError(`there is no password for ${what}`, "Give --password-file or set ZKCMP_PASSWORD.");
  }
  return password;
}

function source(session: Session, prompt: () => Promise<string>): PasswordSource {
  const file = session.options.passwordFile;
  return {
    ...(file === undefined ? {} : { file }),
    environment: process.env,
    ...(session.terminal.input.isTTY === true ? { prompt } : {}),
  };
}

async function ask({ output, terminal }: Session, question: string): Promise<string> {
  output.clear();
  return askSecret(terminal, question);
}
