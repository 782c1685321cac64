/** The exit codes of every command: stable, part of the interface. `zkcmp --help` prints this table. */
export const EXIT_CODES = [
  { name: "done", code: 0, meaning: "done" },
  { name: "unexpected", code: 1, meaning: "a fault of zkcmp itself: please report it" },
  { name: "usage", code: 2, meaning: "an unknown command or option, or a value that cannot be" },
  { name: "file", code: 3, meaning: "a file is missing, damaged, of the wrong kind, or would be overwritten" },
  { name: "refused", code: 4, meaning: "a check failed: do not go on with this deal" },
  { name: "chain", code: 5, meaning: "the node, the chain or the escrow: unreachable, wrong, out of funds, reverted" },
  { name: "key", code: 6, meaning: "a key or a password is missing or wrong" },
  { name: "time", code: 7, meaning: "not yet, or too late: the message says when" },
  { name: "declined", code: 8, meaning: "the question was not answered with yes: nothing was sent" },
  { name: "interrupted", code: 130, meaning: "interrupted from the keyboard: run the same command again to go on" },
] as const;

export type ExitName = (typeof EXIT_CODES)[number]["name"];

export function exitCode(name: ExitName): number {
  return EXIT_CODES.find((entry) => entry.name === name)!.code;
}
