import { encodedWidth } from "@zkcmp/network/encoding";
import type { FloatNetwork } from "@zkcmp/network/float-network";
import type { Network } from "@zkcmp/network/network";
import { quantise } from "@zkcmp/network/quantise";
import type { DemoData } from "./data.ts";
import { trainNetwork } from "./training.ts";

/** Kinds of data by the fewest inputs that they have, with a hidden layer and epochs that suit them and take seconds. */
const KINDS = [
  { name: "large images", features: 500, hidden: 128, epochs: 3 },
  { name: "small images", features: 100, hidden: 16, epochs: 12 },
  { name: "tables", features: 0, hidden: 8, epochs: 60 },
] as const;

/**
 * Trains a network with one hidden ReLU layer on the training rows and quantises it to int8.
 * @param hidden width of the hidden layer; 128 for large images, 16 for small ones and 8 for tables if not given
 */
export async function demoModel(data: DemoData, hidden?: number): Promise<{ float: FloatNetwork; network: Network }> {
  const { rows, labels, classes, inputBits } = data.train;
  const kind = KINDS.find(({ features }) => encodedWidth(data.encoding) >= features)!;
  const float = await trainNetwork(
    { rows, labels, classes, inputMax: 2 ** inputBits - 1 },
    { hidden: [hidden ?? kind.hidden], epochs: kind.epochs, seed: 7 },
  );
  const calibration = { rows: rows.slice(0, 1_000), labels: labels.slice(0, 1_000) };
  return { float, network: quantise(float, calibration, { inputBits }).network };
}
