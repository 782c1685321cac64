import type { ImportWish } from "../../worker/new-sale-steps.ts";

/** What stands in the fields. */
export interface ImportTexts {
  readonly predicate: "accuracy" | "squared-error";
  readonly labelColumn: string;
  readonly classes: string;
  readonly inputBits: string;
  readonly targetBits: string;
  readonly weightBits: string;
  readonly mean: string;
  readonly deviation: string;
  readonly pool: boolean;
}

export const EMPTY_IMPORT: ImportTexts = {
  predicate: "accuracy",
  labelColumn: "",
  classes: "",
  inputBits: "8",
  targetBits: "8",
  weightBits: "",
  mean: "",
  deviation: "",
  pool: false,
};

type Problems = Readonly<
  Record<"classes" | "inputBits" | "targetBits" | "weightBits" | "mean" | "deviation", string | null>
>;

/** Reads the fields of an import. @returns options null, and what is wrong with which field, if one cannot be read */
export function parseImport(texts: ImportTexts): { options: ImportWish | null; problems: Problems } {
  const { predicate, labelColumn, pool } = texts;
  const inputBits = wholeOf(texts.inputBits, 1);
  const targetBits = wholeOf(texts.targetBits, 2);
  const weightBits = texts.weightBits === "" ? undefined : wholeOf(texts.weightBits, 2);
  const mean = numbersOf(texts.mean);
  const deviation = numbersOf(texts.deviation);
  const classes = classesOf(texts.classes);
  const problems: Problems = {
    classes: classes === null ? "Give a number from 2 to 256, or names with commas between them." : null,
    inputBits: inputBits === null ? "Give 1 to 16." : null,
    targetBits: targetBits === null ? "Give 2 to 16." : null,
    weightBits: weightBits === null ? "Give 2 to 16." : null,
    mean: mean === null ? "Give numbers with commas between them." : null,
    deviation:
      deviation === null || deviation?.includes(0) === true
        ? "Give numbers other than 0, with commas between them."
        : null,
  };
  if (Object.values(problems).some((problem) => problem !== null)) return { options: null, problems };
  return {
    options: {
      predicate,
      pool: pool && predicate === "accuracy",
      inputBits: inputBits!,
      targetBits: targetBits!,
      ...(weightBits === undefined ? {} : { weightBits: weightBits! }),
      ...(labelColumn.trim() === "" ? {} : { labelColumn: labelColumn.trim() }),
      ...(classes === undefined ? {} : { classes: classes! }),
      ...(mean === undefined ? {} : { mean: mean! }),
      ...(deviation === undefined ? {} : { deviation: deviation! }),
    },
    problems,
  };
}

function wholeOf(text: string, least: number): number | null {
  const value = /^\d{1,2}$/.test(text.trim()) ? Number(text) : NaN;
  return value >= least && value <= 16 ? value : null;
}

/** @returns undefined for an empty field, null for one that cannot be read */
function numbersOf(text: string): number[] | undefined | null {
  if (text.trim() === "") return undefined;
  const parts = text.split(",").map((part) => part.trim());
  const values = parts.map((part) => (part === "" ? NaN : Number(part)));
  return values.every((value) => Number.isFinite(value)) ? values : null;
}

/** A count stands for the names 0, 1, 2, ... @returns undefined for an empty field, null for one that cannot be read */
function classesOf(text: string): string[] | undefined | null {
  if (text.trim() === "") return undefined;
  if (/^\d+$/.test(text.trim())) {
    const count = Number(text);
    return count >= 2 && count <= 256 ? Array.from({ length: count }, (_, label) => String(label)) : null;
  }
  const names = text.split(",").map((name) => name.trim());
  return names.length >= 2 && names.every((name) => name !== "") && new Set(names).size === names.length ? names : null;
}
