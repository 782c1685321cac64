import * as z from "zod";
import { createFloatNetwork, type FloatNetwork, FloatNetworkError } from "./float-network.ts";
import { parseJson } from "./json-file.ts";

/** Layers whose rows of weights have different lengths. */
export class RaggedLayerError extends FloatNetworkError {}

/** What it is in errors. */
export const FLOAT_NETWORK_FILE = "a float network (format zkcmp-float-network, version 1)";

const schema = z.strictObject({
  format: z.literal("zkcmp-float-network"),
  version: z.literal(1),
  layers: z
    .array(
      z.strictObject({
        activation: z.enum(["relu", "square", "none"]),
        /** Outputs x inputs. */
        weights: z.array(z.array(z.number()).min(1)).min(1),
        biases: z.array(z.number()),
      }),
    )
    .min(1),
});

/**
 * Reads a trained network from a text of JSON, for those who cannot export ONNX.
 * @param name stands for the text's source in errors
 * @throws FileFormatError, FloatNetworkError
 */
export function parseFloatNetwork(text: string, name: string): FloatNetwork {
  const { layers } = parseJson(text, name, FLOAT_NETWORK_FILE, schema);
  return createFloatNetwork(
    layers.map(({ activation, weights, biases }, index) => {
      const inputs = weights[0]!.length;
      if (weights.some((row) => row.length !== inputs)) {
        throw new RaggedLayerError(
          `${name}: the rows of the weights of layer ${index + 1} have different lengths`,
          "Every row needs one weight for each input.",
        );
      }
      return { inputs, outputs: weights.length, weights: weights.flat(), biases, activation };
    }),
  );
}
