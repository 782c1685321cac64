import type { LimitChoice } from "../../worker/new-sale-steps.ts";

/** What stands in the fields; empty for no limit. */
export interface LimitTexts {
  readonly minimumRows: string;
  /** Per cent. */
  readonly accuracy: string;
  readonly rmse: string;
  readonly bits: string;
}

/** Reads the fields of the seller's limits. @returns limits null, and what is wrong with which field, if one is no number */
export function parseLimits(texts: LimitTexts): {
  limits: LimitChoice | null;
  problems: Readonly<Record<keyof LimitTexts, string | null>>;
} {
  const whole = /^[1-9]\d{0,8}$/;
  const decimal = /^\d{1,12}(\.\d{1,12})?$/;
  const { minimumRows, accuracy, rmse, bits } = texts;
  const problems = {
    minimumRows: whole.test(minimumRows) ? null : "Give a whole number from 1 on.",
    accuracy:
      accuracy === "" || (decimal.test(accuracy) && Number(accuracy) <= 100)
        ? null
        : "Give 0 to 100 per cent, such as 95.",
    rmse: rmse === "" || (decimal.test(rmse) && Number(rmse) > 0) ? null : "Give a positive number, such as 0.5.",
    bits: bits === "" || whole.test(bits) ? null : "Give a whole number from 1 on.",
  };
  if (Object.values(problems).some((problem) => problem !== null)) return { limits: null, problems };
  const optional = (text: string, scale = 1): number | null => (text === "" ? null : Number(text) / scale);
  return {
    limits: {
      minimumRows: Number(minimumRows),
      advertisedAccuracy: optional(accuracy, 100),
      advertisedRmse: optional(rmse),
      maximumBits: optional(bits),
    },
    problems,
  };
}
