import { existsSync } from "node:fs";
import { join } from "node:path";
import { roundBounds } from "@zkcmp/shapley/bounds";
import { parseRoundShape } from "@zkcmp/shapley/round-shape";
import { encodeTable, fitSampleEncoding } from "@zkcmp/shapley/sample-encoding";
import {
  groupByRange,
  groupByText,
  readSampleTable,
  type SampleTable,
  selectRows,
  textsOf,
} from "@zkcmp/shapley/sample-table";
import { DemoDataError } from "./data.ts";
import { seededRandom } from "./random.ts";
import type { RoundScenario } from "./round-scenario.ts";

export interface CarOptions {
  /** Leave out rows with missing values; otherwise they are refused. */
  readonly dropMissing: boolean;
  /** The column that tells the providers apart; one of numbers makes eight groups by ranges. */
  readonly groups: string;
}

const FEATURES = ["weight", "horsepower", "displacement"] as const;
const SEED = 3;

/** Rows of the round's owner, and of the buyer. */
const OWN_ROWS = { validation: 60, buyer: 60 } as const;

/** Text columns make a provider of each text up to this many. */
const MOST_TEXTS = 5;

/**
 * A round on real data: fuel use of cars, `mpg.csv` in a folder.
 * @throws {DemoDataError} without the file; SampleTableError for missing values, by line and column
 */
export async function carScenario(folder: string, { dropMissing, groups }: CarOptions): Promise<RoundScenario> {
  const path = join(folder, "mpg.csv");
  if (!existsSync(path)) throw new DemoDataError(`${path} does not exist`, "Name a folder with mpg.csv.");
  const cars = await readSampleTable(path, { ignore: ["name"], dropMissing });
  const order = seededRandom(SEED).shuffled([...cars.rows.keys()]);
  const { validation: validationRows, buyer: buyerRows } = OWN_ROWS;
  const validation = selectRows(cars, order.slice(0, validationRows));
  const buyer = selectRows(cars, order.slice(validationRows, validationRows + buyerRows));
  const training = selectRows(cars, order.slice(validationRows + buyerRows));
  const encoding = fitSampleEncoding(validation, {
    dataBits: 16,
    features: FEATURES,
    target: { kind: "regression", name: "mpg" },
  });
  const providers = [...groupsOf(training, groups)].map(([name, table]) => ({
    name,
    note: "",
    samples: encodeTable(encoding, table).samples,
  }));
  const shape = parseRoundShape({
    providers: providers.length,
    rows: Math.max(...providers.map(({ samples }) => samples.rows.length)),
    ...{ features: FEATURES.length, outputs: 1, dataBits: 16 },
    ...{ fractionBits: 40, integerBits: 6, validationRows },
  });
  const { dropped } = cars;
  return {
    name: `${path}: miles per gallon from ${FEATURES.join(", ")}; ${dropped.length} rows with missing values left out`,
    target: "miles per gallon",
    unit: "mpg",
    encoding,
    shape,
    ridgeBits: roundBounds(shape).maxRidgeBits - 4,
    validation: encodeTable(encoding, validation).samples,
    providers,
    buyerRows: encodeTable(encoding, buyer).samples,
  };
}

function groupsOf(table: SampleTable, column: string): Map<string, SampleTable> {
  return new Set(textsOf(table, column)).size > MOST_TEXTS
    ? groupByRange(table, column, 8)
    : groupByText(table, column);
}
