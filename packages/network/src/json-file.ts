import { textFile } from "#text-file";
import { ZkcmpError } from "@zkcmp/field/error";
import type * as z from "zod";

/** A file that cannot be read, is not JSON, or is not of the expected format. */
export class FileFormatError extends ZkcmpError {}

/**
 * Reads a JSON file and checks it against a schema.
 * @param what what the file should be, such as "a zkcmp network"
 * @throws FileFormatError naming the file and the first field that is wrong
 */
export async function readJsonFile<T>(path: string, what: string, schema: z.ZodType<T>): Promise<T> {
  return parseJson(await readJsonText(path, what), path, what, schema);
}

/** The text of a file of JSON, not yet parsed. @throws FileFormatError if it cannot be read */
export async function readJsonText(path: string, what: string): Promise<string> {
  try {
    return await textFile.read(path);
  } catch (cause) {
    throw new FileFormatError(`Cannot read ${path}: ${reason(cause)}`, `Give the path of ${what}`, { cause });
  }
}

/**
 * The same as {@link readJsonFile} for a text that is at hand.
 * @param name stands for the text's source in the error
 * @throws FileFormatError naming the source and the first field that is wrong
 */
export function parseJson<T>(text: string, name: string, what: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // The parser's message quotes the text around the fault, which may be a weight: it is left out on purpose.
    throw new FileFormatError(`${name} is not valid JSON`, `Give ${what}; the file may be cut off`, { cause });
  }
  return checkJson(value, name, what, schema);
}

/** Checks a parsed JSON value; `name` stands for its source in the error. */
export function checkJson<T>(value: unknown, name: string, what: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  throw new FileFormatError(`${name} is not ${what}: ${where}${issue?.message ?? "invalid"}`, `Give ${what}`);
}

/**
 * Writes JSON, whole or not at all, readable by its owner only: networks and test sets are private.
 * @throws FileFormatError when the folder is missing or not writable
 */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  try {
    await textFile.write(path, `${formatJson(value)}\n`);
  } catch (cause) {
    throw new FileFormatError(`Cannot write ${path}: ${reason(cause)}`, "Choose a folder that exists and is writable", {
      cause,
    });
  }
}

/** JSON with two spaces of indentation, in which an array of plain values (a row of weights) takes one line. */
export function formatJson(value: unknown, indent = ""): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((entry) => typeof entry !== "object" || entry === null)) return JSON.stringify(value);
    return `[\n${value.map((entry) => inner + formatJson(entry, inner)).join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  if (entries.length === 0) return "{}";
  const lines = entries.map(([key, entry]) => `${inner}${JSON.stringify(key)}: ${formatJson(entry, inner)}`);
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

function reason(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code;
  const known: Record<string, string> = {
    ENOENT: "there is no such file or folder",
    EACCES: "access is denied",
    EISDIR: "it is a folder",
    ENOSPC: "the disk is full",
    ENOSYS: "a browser has no files",
  };
  return (code !== undefined && known[code]) || code || "unknown fault";
}
