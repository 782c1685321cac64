import { Option } from "@commander-js/extra-typings";
import { type SaleCircuit, saleCircuit } from "@zkcmp/groth16/sale-circuit";
import type { SaleVariant } from "@zkcmp/libra/sale/sale-system";
import { readJsonFile } from "@zkcmp/network/json-file";
import { readNetwork } from "@zkcmp/network/network";
import { parseNetworkShape } from "@zkcmp/network/shape";
import { predicateSchema } from "@zkcmp/sale/predicate";
import { type RoundCircuit, roundCircuit } from "@zkcmp/shapley/round-circuit";
import { parseRoundShape } from "@zkcmp/shapley/round-shape";
import * as z from "zod";
import { UsageError } from "./cli-error.ts";

/*
 * The circuit of a sale is named by a network's shape and the number of proven rows, that of a rewards round by its shape. Both are
 * public; the files below hand them to the other parties, who make and check keys of the circuit.
 */

const circuitFileSchema = z.strictObject({
  format: z.literal("zkcmp-circuit"),
  version: z.literal(2),
  shape: z.unknown(),
  rows: z.int().min(1),
  predicate: predicateSchema,
  committed: z.boolean(),
});

const roundCircuitFileSchema = z.strictObject({
  format: z.literal("zkcmp-round-circuit"),
  version: z.literal(1),
  shape: z.unknown(),
});

const ROUND_CIRCUIT_FILE = "what `zkcmp round shape` wrote (format zkcmp-round-circuit, version 1)";

/** Whether the core will name a model commitment; the predicate follows from the network. */
export const COMMITTED_OPTION = new Option(
  "--committed",
  "the circuit that also opens a model commitment M, for `seal --model-salt`",
);

export interface CircuitChoice {
  readonly network?: string | undefined;
  readonly rows?: number | undefined;
  readonly committed?: boolean | undefined;
  readonly circuit?: string | undefined;
}

/**
 * The circuit of `--network FILE --rows N [--committed]` or `--circuit FILE`.
 * @throws {UsageError}, FileFormatError, ShapeError, RoundShapeError
 */
export async function chosenCircuit({
  network,
  rows,
  committed,
  circuit,
}: CircuitChoice): Promise<SaleCircuit | RoundCircuit> {
  if (circuit !== undefined && network === undefined && rows === undefined && committed === undefined) {
    const what = "what `zkcmp setup key new` wrote beside the key, or `zkcmp round shape`";
    const file = await readJsonFile(
      circuit,
      what,
      z.discriminatedUnion("format", [circuitFileSchema, roundCircuitFileSchema]),
    );
    return file.format === "zkcmp-round-circuit"
      ? roundCircuit(parseRoundShape(file.shape))
      : saleCircuit(parseNetworkShape(file.shape), file.rows, file);
  }
  const sale = await chosenSale({ network, rows, committed, circuit });
  return saleCircuit(sale.shape, sale.rows, sale);
}

/**
 * The sale of `--network FILE --rows N [--committed]`.
 * @throws {UsageError}, FileFormatError, ShapeError
 */
export async function chosenSale({ network, rows, committed, circuit }: CircuitChoice): Promise<SaleVariant> {
  if (network === undefined || rows === undefined || circuit !== undefined) {
    throw new UsageError(
      "the circuit is not named",
      "Give --network and --rows (the proven rows: all, or the drawn ones), or --circuit.",
    );
  }
  const { shape, reading } = await readNetwork(network);
  const predicate = reading === undefined ? "accuracy" : "squared-error";
  return { shape, rows, predicate, committed: committed === true };
}

/** Where the circuit file of a key lies: beside it. */
export function circuitFileOf(zkey: string): string {
  return `${zkey}.circuit.json`;
}

/** The circuit of a round. @throws FileFormatError, RoundShapeError */
export async function readRoundCircuitFile(path: string): Promise<RoundCircuit> {
  const { shape } = await readJsonFile(path, ROUND_CIRCUIT_FILE, roundCircuitFileSchema);
  return roundCircuit(parseRoundShape(shape));
}

/** Whether it is the circuit of a sale, whose shape is a network's. */
export function isSaleCircuit(circuit: SaleCircuit | RoundCircuit): circuit is SaleCircuit {
  return "rows" in circuit;
}

/** The text of a circuit file. */
export function encodeCircuitFile(circuit: SaleCircuit | RoundCircuit): string {
  const { shape } = circuit;
  const file = isSaleCircuit(circuit)
    ? {
        format: "zkcmp-circuit",
        version: 2,
        shape,
        rows: circuit.rows,
        predicate: circuit.predicate,
        committed: circuit.committed,
      }
    : { format: "zkcmp-round-circuit", version: 1, shape };
  return `${JSON.stringify(file, null, 2)}\n`;
}
