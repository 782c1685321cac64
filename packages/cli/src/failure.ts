import { CommanderError } from "@commander-js/extra-typings";
import { ZkcmpError } from "@zkcmp/field/error";
import { errorKind } from "./error-kind.ts";
import { exitCode } from "./exit-code.ts";

/** What a failed command says. */
export interface Failure {
  /** Exit code. */
  readonly code: number;
  /** The error's class. */
  readonly name: string;
  /** What was wrong, with which input, and what to do. */
  readonly message: string;
  /** The last part of the message: what to do. */
  readonly fix: string;
}

/**
 * Text of foreign errors may quote what was being sent or parsed, so everything that could be a key is cut out of it:
 * 32 bytes or more in hexadecimal, long decimal numbers, long words in base 64.
 */
export function redact(text: string): string {
  return text.replace(/(0x)?[0-9a-f]{64,}|[0-9]{40,}|[A-Za-z0-9+/]{44,}={0,2}/gi, "(hidden)");
}

const DEBUG = "Run it again with ZKCMP_DEBUG=1 for the trace, which may show secrets, and report the fault";

const FILE_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "access is denied",
  EPERM: "the operation is not permitted",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is not a folder",
  EEXIST: "it exists already",
  ENOSPC: "the disk is full",
  EROFS: "the disk is read-only",
};

/** Turns whatever was thrown into an exit code and one clear message. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof ZkcmpError) {
    return { code: exitCode(errorKind(error)), name: error.name, message: sentence(error.message), fix: error.fix };
  }
  if (error instanceof CommanderError) {
    const fix = "Run the command with --help to see its options.";
    const message = sentence(
      error.message
        .replace(/^error: /, "")
        .replace(/\n/g, " ")
        .replace(/\?\)$/, "?)."),
    );
    return { code: exitCode("usage"), name: "UsageError", message: `${message} ${fix}`, fix };
  }
  const { code, path } = error as NodeJS.ErrnoException;
  if (error instanceof Error && typeof code === "string" && typeof path === "string" && code in FILE_FAULTS) {
    const fix = "Give a path that this program can use.";
    return {
      code: exitCode("file"),
      name: "FileError",
      message: `Cannot use ${path}: ${FILE_FAULTS[code]}. ${fix}`,
      fix,
    };
  }
  const name = error instanceof Error ? error.name : typeof error;
  const text = redact(error instanceof Error ? shortMessage(error) : String(error));
  return { code: exitCode("unexpected"), name, message: sentence(`Unexpected ${name}: ${text}. ${DEBUG}`), fix: DEBUG };
}

/** ethers keeps the message without the transaction in `shortMessage`; of others the first line. */
function shortMessage(error: Error & { shortMessage?: unknown }): string {
  const text = typeof error.shortMessage === "string" ? error.shortMessage : error.message;
  return text.split("\n")[0] ?? "";
}

function sentence(text: string): string {
  const trimmed = text.trim().replace(/\.\.$/, ".");
  const end = /[.!?]$/.test(trimmed) ? "" : ".";
  // The first word may be a path or a name, which stays as it is.
  const capital = /^[a-z]+ /.test(trimmed) ? trimmed.charAt(0).toUpperCase() : trimmed.charAt(0);
  return capital + trimmed.slice(1) + end;
}
