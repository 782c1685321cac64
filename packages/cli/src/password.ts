import { KeyError } from "./cli-error.ts";
import { readTextFile } from "./file.ts";
import { askSecret, type Terminal } from "./prompt.ts";

const HOW = "Give --password-file or set ZKCMP_PASSWORD.";

/** The shortest password for a new keystore or backup. */
const SHORTEST = 8;

/** A password that exists already. From --password-file, else ZKCMP_PASSWORD, else typed. @throws {KeyError} */
export async function findPassword(terminal: Terminal, file: string | undefined, what: string): Promise<string> {
  const given = await givenPassword(file);
  if (given !== null) return given;
  if (terminal.input.isTTY !== true) throw new KeyError(`there is no password for ${what}`, HOW);
  return askSecret(terminal, `Password of ${what}: `);
}

/** A password for something new, typed twice where it is typed. @throws {KeyError} */
export async function choosePassword(terminal: Terminal, file: string | undefined, what: string): Promise<string> {
  const given = await givenPassword(file);
  if (given === null && terminal.input.isTTY !== true) throw new KeyError(`there is no password for ${what}`, HOW);
  const password = given ?? (await askSecret(terminal, `New password for ${what}: `));
  if (password.length < SHORTEST) {
    throw new KeyError(`the password has fewer than ${SHORTEST} characters`, "Choose a longer one.");
  }
  if (given === null && (await askSecret(terminal, "The same again: ")) !== password) {
    throw new KeyError("the two passwords differ", "Run the command again.");
  }
  return password;
}

async function givenPassword(file: string | undefined): Promise<string | null> {
  if (file === undefined) return process.env.ZKCMP_PASSWORD ?? null;
  const text = await readTextFile(file, "a file with the password in its first line");
  return text.split(/\r?\n/)[0] ?? "";
}
