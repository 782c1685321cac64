import { parseSampleTable, type SampleTable } from "@zkcmp/shapley/sample-table";
import { type Random, seededRandom } from "./random.ts";

/** What is the matter with a provider's rows. */
export type RowKind = "good" | "noisy" | "duplicated" | "mislabelled" | "tiny";

export interface RentProvider {
  readonly name: string;
  readonly kind: RowKind;
  readonly table: SampleTable;
}

/** A town's flats: rent from floor area and minutes on foot to the centre. All of it is made up. */
export interface RentData {
  readonly providers: readonly RentProvider[];
  /** The owner's own rows, on which values are measured. */
  readonly validation: SampleTable;
  /** Rows of somebody who wants to buy the model. */
  readonly buyer: SampleTable;
}

export const RENT_COLUMNS = { area: "area_m2", minutes: "minutes_to_centre", rent: "rent" } as const;

/** What everybody knows about flats, whoever's rows they are: the range of each column in an encoding. */
export const RENT_RANGES: Readonly<Record<string, readonly [number, number]>> = {
  [RENT_COLUMNS.area]: [10, 150],
  [RENT_COLUMNS.minutes]: [0, 60],
  [RENT_COLUMNS.rent]: [-600, 2_600],
};

/** Standard deviations of what area and way do not explain, in the units of the rent: of a flat, and of noisy books. */
export const RENT_NOISE = { flat: 120, noisy: 600 } as const;

/** Rows of the providers but the tiny one, of the tiny one, and different rows of the one with duplicates. */
export const RENT_ROWS = { full: 24, tiny: 3, different: 4 } as const;

interface Flat {
  readonly area: number;
  readonly minutes: number;
  readonly rent: number;
}

/** Rent in a world without noise. */
export function typicalRent({ area, minutes }: Pick<Flat, "area" | "minutes">): number {
  return 330 + 9.5 * area - 8 * minutes;
}

/** The same seed draws the same town. */
export function drawRents(seed: number, rows: { readonly validation: number; readonly buyer: number }): RentData {
  const random = seededRandom(seed);
  const flats = (count: number, noise: number = RENT_NOISE.flat): Flat[] =>
    Array.from({ length: count }, () => drawFlat(random, noise));
  const different = flats(RENT_ROWS.different);
  const copies = Array.from({ length: RENT_ROWS.full }, (_, i) => different[i % different.length]!);
  const providers: [string, RowKind, Flat[]][] = [
    ["Housing office", "good", flats(RENT_ROWS.full)],
    ["Listing site", "noisy", flats(RENT_ROWS.full, RENT_NOISE.noisy)],
    ["Broker", "duplicated", copies],
    ["Scraper", "mislabelled", withShuffledRents(flats(RENT_ROWS.full), random)],
    ["Landlord", "tiny", flats(RENT_ROWS.tiny)],
  ];
  return {
    providers: providers.map(([name, kind, drawn]) => ({ name, kind, table: tableOf(name, drawn) })),
    validation: tableOf("The validation rows", flats(rows.validation)),
    buyer: tableOf("The buyer's rows", flats(rows.buyer)),
  };
}

function drawFlat(random: Random, noise: number): Flat {
  const area = Math.round(random.between(20, 120));
  const minutes = Math.round(random.between(2, 50));
  const rent = Math.round(typicalRent({ area, minutes }) + noise * random.normal());
  return { area, minutes, rent };
}

/** Every rent stands in another flat's row, as after a column was sorted by itself. */
function withShuffledRents(flats: readonly Flat[], random: Random): Flat[] {
  const order = random.shuffled([...flats.keys()]);
  const next = new Map(order.map((flat, i) => [flat, order[(i + 1) % order.length]!]));
  return flats.map((flat, i) => ({ ...flat, rent: flats[next.get(i)!]!.rent }));
}

function tableOf(name: string, flats: readonly Flat[]): SampleTable {
  const { area, minutes, rent } = RENT_COLUMNS;
  const lines = flats.map((flat) => `${flat.area},${flat.minutes},${flat.rent}`);
  return parseSampleTable([`${area},${minutes},${rent}`, ...lines].join("\n"), { name });
}
