import type { Core } from "@zkcmp/sale/core";
import { ErrorBoundError, ThresholdError } from "@zkcmp/sale/witness-check";
import { type CrossedError, packError, toStepError } from "../step-error.ts";

/** Why there is no proof, as plain data between two workers. */
export interface ProofFailure {
  /** Which kind of statement the model does not reach; null if something else went wrong. */
  readonly refusal: "threshold" | "error bound" | null;
  readonly error: CrossedError;
}

/** Says by their classes, and not by names, which do not survive the build, what errors mean. */
export function packFailure(thrown: unknown): ProofFailure {
  const refusal =
    thrown instanceof ThresholdError ? "threshold" : thrown instanceof ErrorBoundError ? "error bound" : null;
  return { refusal, error: packError(thrown) };
}

/** The error again. That a model does not reach what is asked for is an answer about it, which is counted by the error's class. */
export function unpackFailure({ refusal, error }: ProofFailure, core: Pick<Core, "rows" | "threshold">): Error {
  if (refusal === "threshold") return new ThresholdError(core.rows, core.threshold);
  return refusal === "error bound" ? new ErrorBoundError() : toStepError(error);
}
