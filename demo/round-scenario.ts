import { roundBounds } from "@zkcmp/shapley/bounds";
import { parseRoundShape, type RoundShape } from "@zkcmp/shapley/round-shape";
import { encodeTable, fitSampleEncoding, type SampleEncoding } from "@zkcmp/shapley/sample-encoding";
import type { Samples } from "@zkcmp/shapley/samples";
import { drawRents, RENT_COLUMNS, RENT_RANGES, RENT_ROWS } from "./rents.ts";

/** One provider of a demo round. */
export interface ScenarioProvider {
  readonly name: string;
  /** What there is to know about the rows; empty if nothing. */
  readonly note: string;
  readonly samples: Samples;
}

/** Data for a round, and for a sale of the model that comes of it. */
export interface RoundScenario {
  readonly name: string;
  /** What the model predicts, and in which unit. */
  readonly target: string;
  readonly unit: string;
  readonly encoding: SampleEncoding;
  readonly shape: RoundShape;
  readonly ridgeBits: number;
  readonly validation: Samples;
  readonly providers: readonly ScenarioProvider[];
  /** Rows of the buyer, which nobody has trained on. */
  readonly buyerRows: Samples;
}

/** A seed whose town shows what many towns show on average; the tests draw many. */
const SEED = 19;

const OWN_ROWS = { validation: 40, buyer: 64 } as const;

/** Five providers of made-up rents: good, noisy, duplicated, mislabelled and tiny. */
export function rentScenario(seed = SEED): RoundScenario {
  const { providers, validation, buyer } = drawRents(seed, OWN_ROWS);
  const { area, minutes, rent } = RENT_COLUMNS;
  const encoding = fitSampleEncoding(validation, {
    dataBits: 16,
    features: [area, minutes],
    target: { kind: "regression", name: rent },
    ranges: RENT_RANGES,
  });
  const shape = parseRoundShape({
    ...{ providers: providers.length, rows: RENT_ROWS.full, features: 2, outputs: 1, dataBits: 16 },
    ...{ fractionBits: 36, integerBits: 6, validationRows: OWN_ROWS.validation },
  });
  return {
    name: "flats of a made-up town: rent from floor area and minutes on foot to the centre",
    target: "rent",
    unit: "euros",
    encoding,
    shape,
    ridgeBits: roundBounds(shape).maxRidgeBits - 4,
    validation: encodeTable(encoding, validation).samples,
    providers: providers.map(({ name, kind, table }) => ({
      name,
      note: kind,
      samples: encodeTable(encoding, table).samples,
    })),
    buyerRows: encodeTable(encoding, buyer).samples,
  };
}
