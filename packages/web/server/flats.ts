import { type Encoding, fitEncoding, encodeRow } from "@zkcmp/network/encoding";
import { type FloatNetwork, substituteInputs } from "@zkcmp/network/float-network";
import type { Network } from "@zkcmp/network/network";
import { quantise } from "@zkcmp/network/quantise";
import { createTestSet, type TestSet } from "@zkcmp/network/testset";
import { type Random, seededRandom } from "../../../demo/random.ts";
import { typicalRent } from "../../../demo/rents.ts";
import { trainNetwork } from "../../../demo/training.ts";

/*
 * What the filled market trades: flats of a made-up town. Sold is a network that tells from floor area, minutes to the
 * centre and rent whether the rent is cheap, dear or fair; a round pays providers for pairs of area and rent.
 */

/** In the order in which a reader of the CSV numbers them. */
export const CLASSES = ["cheap", "dear", "fair"] as const;

const COLUMNS = ["area_m2", "minutes_to_centre", "rent", "label"] as const;

const INPUT_BITS = 8;

/** A rent is fair up to this share above or below what is typical. */
const FAIR = 0.12;

/** Share of the flats whose label nobody can tell from the columns. */
const WHIM = 0.02;

/** Flats with labels, in raw numbers. */
export interface FlatTable {
  readonly rows: readonly (readonly [area: number, minutes: number, rent: number])[];
  readonly labels: readonly number[];
}

/** Flats that no other seed draws, but for chance. */
export function drawFlats(count: number, seed: number): FlatTable {
  const random = seededRandom(seed);
  const flats = Array.from({ length: count }, () => drawFlat(random));
  return { rows: flats.map(({ row }) => row), labels: flats.map(({ label }) => label) };
}

function drawFlat(random: Random): { row: [number, number, number]; label: number } {
  const area = Math.round(10 * random.between(20, 120)) / 10;
  const minutes = Math.round(random.between(2, 50));
  const typical = typicalRent({ area, minutes });
  const rent = Math.round(typical * random.between(0.6, 1.4));
  const share = rent / typical - 1;
  const name = share < -FAIR ? "cheap" : share > FAIR ? "dear" : "fair";
  const label = random.uniform() < WHIM ? Math.floor(random.between(0, CLASSES.length)) : CLASSES.indexOf(name);
  return { row: [area, minutes, rent], label };
}

/** The table as a seller or buyer would have it in a file. */
export function flatsCsv({ rows, labels }: FlatTable): string {
  const lines = rows.map((row, i) => [...row, CLASSES[labels[i]!]].join(","));
  return `${[COLUMNS.join(","), ...lines].join("\n")}\n`;
}

/** The table as a deal takes it. */
export function flatTestSet(encoding: Encoding, { rows, labels }: FlatTable): TestSet {
  return createTestSet({
    inputBits: encoding.inputBits,
    classes: CLASSES.length,
    rows: rows.map((row) => encodeRow(encoding, row)),
    labels,
  });
}

/** What the seller has: the network in doubles on raw numbers, and in integers on encoded rows. */
export interface FlatModel {
  readonly encoding: Encoding;
  readonly float: FloatNetwork;
  readonly network: Network;
}

/** Trains the seller's network. The same seed gives the same network, in some tenths of a second. */
export async function flatModel(train: FlatTable, seed: number): Promise<FlatModel> {
  const encoding = fitEncoding(train.rows, INPUT_BITS);
  const { rows, labels } = flatTestSet(encoding, train);
  const onEncoded = await trainNetwork(
    { rows, labels, classes: CLASSES.length, inputMax: 2 ** INPUT_BITS - 1 },
    { hidden: [8], epochs: 20, seed, batchSize: 32, learningRate: 0.04 },
  );
  const { network } = quantise(onEncoded, { rows, labels }, { inputBits: INPUT_BITS });
  const { offsets, scales } = encoding;
  const float = substituteInputs(
    onEncoded,
    scales,
    offsets.map((offset, k) => -offset * scales[k]!),
  );
  return { encoding, float, network };
}

/** A float network as the page and `zkcmp network import` read it. */
export function floatNetworkJson({ layers }: FloatNetwork): string {
  const file = {
    format: "zkcmp-float-network",
    version: 1,
    layers: layers.map(({ inputs, outputs, weights, biases, activation }) => ({
      activation,
      weights: Array.from({ length: outputs }, (_, j) => [...weights.slice(j * inputs, (j + 1) * inputs)]),
      biases: [...biases],
    })),
  };
  return `${JSON.stringify(file)}\n`;
}

/** Area and rent alone, as a provider of a round has them. @param slope 1, or less for rents that are wrong */
export function rentCsv(count: number, seed: number, slope = 1): string {
  const random = seededRandom(seed);
  const lines = Array.from({ length: count }, () => {
    const area = Math.round(random.between(20, 120));
    const rent = Math.round(700 + slope * 9.5 * (area - 70) + 40 * random.normal());
    return `${area},${rent}`;
  });
  return `area_m2,rent\n${lines.join("\n")}\n`;
}
