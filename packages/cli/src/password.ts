import type { PasswordSource } from "@zkcmp/chain/wallet";
import { KeyError } from "./cli-error.ts";
import { readTextFile } from "./file.ts";
import { askSecret, type Terminal } from "./prompt.ts";

/** Where the password of something that exists comes from: --password-file, else ZKCMP_PASSWORD, else it is asked. */
export function passwordSource(terminal: Terminal, file: string | undefined, what: string): PasswordSource {
  return source(terminal, file, () => askSecret(terminal, `Password of ${what}: `));
}

/** The same for something new: a password that is typed is typed twice. */
export function newPasswordSource(terminal: Terminal, file: string | undefined, what: string): PasswordSource {
  return source(terminal, file, async () => {
    const password = await askSecret(terminal, `New password for ${what}: `);
    if ((await askSecret(terminal, "The same again: ")) !== password) {
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

function source(terminal: Terminal, file: string | undefined, prompt: () => Promise<string>): PasswordSource {
  return {
    ...(file === undefined ? {} : { file }),
    environment: process.env,
    ...(terminal.input.isTTY === true ? { prompt } : {}),
  };
}
