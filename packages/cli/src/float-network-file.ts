import { createFloatNetwork, type FloatNetwork } from "@zkcmp/network/float-network";
import { readJsonFile } from "@zkcmp/network/json-file";
import { z } from "zod";
import { FileError } from "./cli-error.ts";

const FLOAT_NETWORK_FILE = "a float network (format zkcmp-float-network, version 1)";

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
 * Reads a trained network from JSON, for those who cannot export ONNX.
 * @throws FileFormatError, FileError, FloatNetworkError
 */
export async function readFloatNetwork(path: string): Promise<FloatNetwork> {
  const { layers } = await readJsonFile(path, FLOAT_NETWORK_FILE, schema);
  return createFloatNetwork(
    layers.map(({ activation, weights, biases }, index) => {
      const inputs = weights[0]!.length;
      if (weights.some((row) => row.length !== inputs)) {
        throw new FileError(
          `${path}: the rows of the weights of layer ${index + 1} have different lengths`,
          "Every row needs one weight for each input.",
        );
      }
      return { inputs, outputs: weights.length, weights: weights.flat(), biases, activation };
    }),
  );
}
