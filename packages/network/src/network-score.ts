import type { Encoding } from "./encoding.ts";
import type { Network } from "./network.ts";
import {
  type NamedBytes,
  parseEncodedData,
  parseEncodedTargets,
  type RawDataOptions,
  RawDataError,
} from "./raw-data.ts";
import { type QuantisedRegressionScore, scoreRegression } from "./regression-score.ts";
import { type Score, score } from "./score.ts";
import type { TestSet } from "./testset.ts";

/** What an integer network reaches on a test set, by the rule of the proof. */
export type NetworkScore =
  | { readonly kind: "accuracy"; readonly score: Score }
  | {
      readonly kind: "squared-error";
      readonly score: QuantisedRegressionScore;
      /** Targets that lie outside of what the digits cover. */
      readonly clipped: number;
    };

/**
 * Scores an integer network on files of rows.
 * @param files a zkcmp test set, a CSV, or IDX images and their labels
 * @param encoding of raw features; null where they are integers of the network's input bits already
 * @throws {RawDataError}, {ScoreError} if rows and network do not fit, or as `parseEncodedData`
 */
export async function scoreOnFiles(
  network: Network,
  files: readonly NamedBytes[],
  options: RawDataOptions,
  encoding: Encoding | null,
): Promise<NetworkScore> {
  const { inputBits } = network.shape;
  if (network.reading === undefined)
    return scoreOnRows(network, await parseEncodedData(files, options, encoding, inputBits));
  const [file] = files;
  if (file === undefined || files.length !== 1) {
    throw new RawDataError("files", `a regression takes one file of rows, not ${files.length}`, "Give a CSV alone.");
  }
  const { set, clipped } = parseEncodedTargets(file, options, encoding, inputBits);
  return { kind: "squared-error", score: scoreRegression(network, set, encoding?.target?.scale), clipped };
}

/** The same on rows that are encoded already: a regression's errors are in digits then. */
export function scoreOnRows(network: Network, set: TestSet): NetworkScore {
  if (network.reading === undefined) return { kind: "accuracy", score: score(network, set) };
  return { kind: "squared-error", score: scoreRegression(network, set), clipped: 0 };
}
