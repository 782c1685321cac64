import { encodedWidth } from "@zkcmp/network/encoding";
import type { FloatNetwork } from "@zkcmp/network/float-network";
import type { Network } from "@zkcmp/network/network";
import { quantise } from "@zkcmp/network/quantise";
import type { DemoData } from "./data.ts";
import { trainNetwork } from "./training.ts";

/** The fewest inputs of an image; narrower data are tables. */
const IMAGE_FEATURES = 100;

/**
 * Trains a network with one hidden ReLU layer on the training rows and quantises it to int8.
 * @param hidden width of the hidden layer; 16 for images and 8 for tables if not given
 */
export async function demoModel(data: DemoData, hidden?: number): Promise<{ float: FloatNetwork; network: Network }> {
  const { rows, labels, classes, inputBits } = data.train;
  const image = encodedWidth(data.encoding) >= IMAGE_FEATURES;
  const float = await trainNetwork(
    { rows, labels, classes, inputMax: 2 ** inputBits - 1 },
    { hidden: [hidden ?? (image ? 16 : 8)], epochs: image ? 12 : 60, seed: 7 },
  );
  const calibration = { rows: rows.slice(0, 1_000), labels: labels.slice(0, 1_000) };
  return { float, network: quantise(float, calibration, { inputBits }).network };
}
