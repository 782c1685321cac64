import * as z from "zod";

/**
 * What is proven about the sealed network: `accuracy`, at least T rows are right, or `squared-error`, the squared errors of
 * a regression network's one output sum up to at most a bound, over all rows.
 */
export type Predicate = "accuracy" | "squared-error";

export const predicateSchema = z.enum(["accuracy", "squared-error"]);

/** Error bounds lie in [0, 2^64): 2^32 rows whose digits of 16 bits are as wrong as they can be stay below. */
export const ERROR_BOUND_BITS = 64;

export const errorBoundSchema = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,19})$/, "expected an integer below 2^64")
  .transform((digits) => BigInt(digits))
  .refine((bound) => bound < 1n << BigInt(ERROR_BOUND_BITS), "expected an integer below 2^64");
