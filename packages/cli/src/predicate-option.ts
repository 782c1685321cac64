import { Option } from "@commander-js/extra-typings";

/** What is to be proven: the buyer's choice, which stands in the order. */
export const PREDICATE_OPTION = new Option(
  "--predicate <predicate>",
  "accuracy: so many rows are right; squared-error: a regression whose squared errors sum up to at most a bound",
)
  .choices(["accuracy", "squared-error"] as const)
  .default("accuracy" as const);
