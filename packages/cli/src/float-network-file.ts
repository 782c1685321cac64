import type { FloatNetwork } from "@zkcmp/network/float-network";
import { FLOAT_NETWORK_FILE, parseFloatNetwork, RaggedLayerError } from "@zkcmp/network/float-network-file";
import { readJsonText } from "@zkcmp/network/json-file";
import { FileError } from "./cli-error.ts";

/** Reads a trained network from JSON. @throws FileFormatError, FileError, FloatNetworkError */
export async function readFloatNetwork(path: string): Promise<FloatNetwork> {
  const text = await readJsonText(path, FLOAT_NETWORK_FILE);
  try {
    return parseFloatNetwork(text, path);
  } catch (cause) {
    if (!(cause instanceof RaggedLayerError)) throw cause;
    throw new FileError(cause.problem, cause.fix, { cause });
  }
}
