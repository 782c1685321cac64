import { readFile, stat } from "node:fs/promises";
import { ZkcmpError } from "@zkcmp/field/error";

/** A key, or the powers of tau under it, that somebody could forge with as far as the checker can tell. */
export class CeremonyRefusedError extends ZkcmpError {}

/**
 * The checker's own contribution is not in the file. Parties who are all strangers to the checker may work together, so
 * their contributions prove nothing to the checker.
 */
export class OwnContributionMissingError extends CeremonyRefusedError {
  constructor(file: string) {
    super(
      `Your own contribution is not among those in ${file}`,
      "Add a contribution of your own, keep its hash, and use the file that descends from it",
    );
  }
}

/** The file does not follow from its contributions, or they do not follow from each other. */
export class InvalidTranscriptError extends CeremonyRefusedError {
  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(
      `${file} fails the check of its transcript (${reason})`,
      "Do not use it; start again from the last good file",
      options,
    );
  }
}

/** The first error that snarkjs logs while it checks a file tells what is wrong with it. */
export class ErrorLog {
  #first: string | null = null;

  readonly logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (message: string) => void (this.#first ??= message),
  };

  get reason(): string {
    return this.#first ?? "no reason given";
  }
}

const LARGEST_IN_MEMORY = 2 ** 30;

/**
 * A file for snarkjs to check, in memory if it has less than 1 GiB: snarkjs leaves open what it refuses, and reads files in
 * small pieces.
 */
export async function fileToCheck(path: string): Promise<string | Uint8Array> {
  return (await stat(path)).size < LARGEST_IN_MEMORY ? new Uint8Array(await readFile(path)) : path;
}
