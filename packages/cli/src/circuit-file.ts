import { type SaleCircuit, saleCircuit } from "@zkcmp/groth16/sale-circuit";
import { readJsonFile } from "@zkcmp/network/json-file";
import { readNetwork } from "@zkcmp/network/network";
import { parseNetworkShape } from "@zkcmp/network/shape";
import { z } from "zod";
import { UsageError } from "./cli-error.ts";

/*
 * A circuit is named by a network's shape and the number of proven rows. The shape is public; the file below hands it to
 * the other party, who makes and checks keys of the circuit without having the network.
 */

const circuitFileSchema = z.strictObject({
  format: z.literal("zkcmp-circuit"),
  version: z.literal(1),
  shape: z.unknown(),
  rows: z.int().min(1),
});

export interface CircuitChoice {
  readonly network?: string | undefined;
  readonly rows?: number | undefined;
  readonly circuit?: string | undefined;
}

/** The circuit of `--network FILE --rows N` or `--circuit FILE`. @throws {UsageError}, FileFormatError, ShapeError */
export async function chosenCircuit({ network, rows, circuit }: CircuitChoice): Promise<SaleCircuit> {
  if (circuit !== undefined && network === undefined && rows === undefined) {
    const file = await readJsonFile(circuit, "what `zkcmp setup key new` wrote beside the key", circuitFileSchema);
    return saleCircuit(parseNetworkShape(file.shape), file.rows);
  }
  if (network === undefined || rows === undefined || circuit !== undefined) {
    throw new UsageError(
      "the circuit is not named",
      "Give --network and --rows (the proven rows: all, or the drawn ones), or --circuit.",
    );
  }
  return saleCircuit((await readNetwork(network)).shape, rows);
}

/** Where the circuit file of a key lies: beside it. */
export function circuitFileOf(zkey: string): string {
  return `${zkey}.circuit.json`;
}

/** The text of a circuit file. */
export function encodeCircuitFile({ shape, rows }: SaleCircuit): string {
  const file: z.input<typeof circuitFileSchema> = { format: "zkcmp-circuit", version: 1, shape, rows };
  return `${JSON.stringify(file, null, 2)}\n`;
}
