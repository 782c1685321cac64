import { ZkcmpError } from "@zkcmp/field/error";

/** An error as it crosses between worker and page: plain data. */
export type CrossedError =
  | {
      readonly kind: "told";
      readonly name: string;
      readonly problem: string;
      readonly fix: string;
      readonly details?: Readonly<Record<string, string | number | boolean>>;
    }
  | { readonly kind: "other"; readonly name: string; readonly message: string; readonly code?: number };

/** A step that failed, as the page shows it: the problem, and one sentence on what to do. */
export class StepError extends Error {
  /** Class of the error where it was thrown, such as "EscrowCodeError". */
  readonly kind: string;
  /** Without a full stop. */
  readonly problem: string;
  /** One sentence. */
  readonly fix: string;
  /** Plain facts that the error carried beside its words. */
  readonly details: Readonly<Record<string, string | number | boolean>>;

  constructor(
    kind: string,
    problem: string,
    fix: string,
    details: Readonly<Record<string, string | number | boolean>> = {},
  ) {
    super(`${problem}. ${fix}`);
    this.name = "StepError";
    this.kind = kind;
    this.problem = problem;
    this.fix = fix;
    this.details = details;
  }
}

const REPORT = "Try again; if it comes back, report it with these words and what you did before.";

/** Makes plain data of whatever was thrown. Long hexadecimal, which may be a key inside another library's words, is cut out. */
export function packError(thrown: unknown): CrossedError {
  if (thrown instanceof StepError) {
    const { kind, problem, fix, details } = thrown;
    return { kind: "told", name: kind, problem, fix, details };
  }
  if (thrown instanceof ZkcmpError) {
    const { problem } = thrown;
    const details = factsOf(thrown);
    return { kind: "told", name: thrown.name, problem, fix: thrown.fix, ...(details === null ? {} : { details }) };
  }
  const { name, message, code } = (typeof thrown === "object" && thrown !== null ? thrown : {}) as {
    name?: unknown;
    message?: unknown;
    code?: unknown;
  };
  return {
    kind: "other",
    name: typeof name === "string" ? name : "Error",
    message: withoutSecrets(typeof message === "string" ? message : String(thrown)),
    ...(typeof code === "number" ? { code } : {}),
  };
}

/** The error that the page shows. */
export function toStepError(crossed: CrossedError): StepError {
  if (crossed.kind === "told") return new StepError(crossed.name, crossed.problem, crossed.fix, crossed.details);
  const words = crossed.message === "" ? crossed.name : crossed.message;
  return new StepError(crossed.name, `something unexpected happened: ${words.replace(/[.\s]+$/, "")}`, REPORT);
}

/** Whatever was caught on the page, as the error to show. */
export function asStepError(thrown: unknown): StepError {
  return thrown instanceof StepError ? thrown : toStepError(packError(thrown));
}

/** The error that the worker's code meets when a wallet on the page refuses: EIP-1193's code is kept. */
export function toWalletError(crossed: CrossedError): Error {
  if (crossed.kind === "told") return toStepError(crossed);
  const error = new Error(crossed.message);
  error.name = crossed.name;
  return crossed.code === undefined ? error : Object.assign(error, { code: crossed.code });
}

function factsOf(error: ZkcmpError): Record<string, string | number | boolean> | null {
  const facts = Object.entries(error).filter(
    ([name, value]) =>
      !["name", "problem", "fix"].includes(name) && ["string", "number", "boolean"].includes(typeof value),
  ) as [string, string | number | boolean][];
  return facts.length === 0 ? null : Object.fromEntries(facts);
}

function withoutSecrets(text: string): string {
  return text.replace(/(?:0x)?[0-9a-fA-F]{41,}/g, "[…]").slice(0, 500);
}
