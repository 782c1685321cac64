import { ZkcmpError } from "@zkcmp/field/error";
import * as z from "zod";
import { type FloatNetwork, substituteInputs } from "./float-network.ts";
import { checkJson, readJsonFile, writeJsonFile } from "./json-file.ts";
import { createTargetEncoding, type TargetEncoding } from "./target-encoding.ts";

/** Mean of each 2x2 block of an image whose sides are even; rows are row-major, height x width. */
export interface Pooling {
  readonly step: "mean-pool-2x2";
  readonly height: number;
  readonly width: number;
}

/**
 * How a raw row becomes unsigned inputBits-bit integers: pooling first if there is any, then for each feature
 * floor((x - offset) * scale + 1/2), clipped to [0, 2^inputBits). All steps in IEEE double arithmetic, so that seller
 * and buyer get the same integers. `offsets` and `scales` have one entry a feature, or a single one for all.
 */
export interface Encoding {
  readonly inputBits: number;
  readonly features: number;
  readonly pooling: Pooling | null;
  readonly offsets: readonly number[];
  readonly scales: readonly number[];
  /** How real targets become digits, for a regression. */
  readonly target?: TargetEncoding | undefined;
}

/** An encoding that contradicts itself, or a row that does not fit it. */
export class EncodingError extends ZkcmpError {}

/**
 * The checked constructor of an encoding. `features` counts raw features, before pooling.
 * @throws EncodingError, TargetEncodingError
 */
export function createEncoding(encoding: Encoding): Encoding {
  const { inputBits, features, pooling } = encoding;
  if (!Number.isInteger(inputBits) || inputBits < 1 || inputBits > 16) {
    throw new EncodingError(`The encoding has inputBits ${inputBits}`, "Inputs take 1 to 16 bits");
  }
  if (!Number.isInteger(features) || features < 1) {
    throw new EncodingError(`The encoding has ${features} features`, "Give at least one feature");
  }
  if (pooling !== null) {
    const { height, width } = pooling;
    if (height * width !== features || height % 2 !== 0 || width % 2 !== 0) {
      throw new EncodingError(
        `2x2 pooling of ${height}x${width} images does not fit rows of ${features} features`,
        "Height and width must be even and their product the number of features",
      );
    }
  }
  if (encoding.target !== undefined) createTargetEncoding(encoding.target);
  const encoded = encodedWidth(encoding);
  for (const [name, values] of [["offsets", encoding.offsets] as const, ["scales", encoding.scales] as const]) {
    if (values.length !== 1 && values.length !== encoded) {
      throw new EncodingError(
        `The encoding has ${values.length} ${name} for ${encoded} features`,
        "Give one for each feature, or a single one for all",
      );
    }
    if (!values.every((value) => Number.isFinite(value) && (name === "offsets" || value > 0))) {
      throw new EncodingError(
        `The encoding's ${name} must be finite${name === "scales" ? " and positive" : ""}`,
        "Fit the encoding again",
      );
    }
  }
  return encoding;
}

/** Features that are unsigned inputBits-bit integers already. */
export function identityEncoding(features: number, inputBits: number): Encoding {
  return createEncoding({ inputBits, features, pooling: null, offsets: [0], scales: [1] });
}

/** Images with pixels 0 to 255 as 8-bit inputs, pooled 2x2 on request (28x28 gives 196 inputs). */
export function imageEncoding(height: number, width: number, options: { pool: boolean }): Encoding {
  const pooling = options.pool ? ({ step: "mean-pool-2x2", height, width } as const) : null;
  return createEncoding({ inputBits: 8, features: height * width, pooling, offsets: [0], scales: [1] });
}

/**
 * Maps each feature's range over the given rows to [0, 2^inputBits). A feature that never changes becomes 0. Fit it on
 * training rows or publish it before the test set is known: it is part of the order.
 * @throws EncodingError for no rows, unequal widths, values that are not finite
 */
export function fitEncoding(rows: readonly ArrayLike<number>[], inputBits: number): Encoding {
  const features = rows[0]?.length ?? 0;
  const minimum = new Array<number>(features).fill(Infinity);
  const maximum = new Array<number>(features).fill(-Infinity);
  rows.forEach((row, index) => {
    expectRow(row, features, `Row ${index + 1}`);
    for (let k = 0; k < features; k++) {
      minimum[k] = Math.min(minimum[k] as number, row[k] as number);
      maximum[k] = Math.max(maximum[k] as number, row[k] as number);
    }
  });
  const scales = maximum.map((high, k) => (2 ** inputBits - 1) / (high - (minimum[k] as number)));
  return createEncoding({
    inputBits,
    features,
    pooling: null,
    offsets: minimum,
    scales: scales.map((scale) => (Number.isFinite(scale) ? scale : 1)),
  });
}

/** Number of integers in an encoded row. */
export function encodedWidth(encoding: Encoding): number {
  return encoding.pooling === null ? encoding.features : encoding.features / 4;
}

/**
 * @returns `encodedWidth(encoding)` integers in [0, 2^inputBits)
 * @throws EncodingError when the row has the wrong width or holds something that is not a finite number
 */
export function encodeRow(encoding: Encoding, row: ArrayLike<number>): Uint16Array {
  expectRow(row, encoding.features, "The row");
  const values = encoding.pooling === null ? Float64Array.from(row) : pool(encoding.pooling, row);
  const { offsets, scales } = encoding;
  const maximum = 2 ** encoding.inputBits - 1;
  return Uint16Array.from(values, (value, k) => {
    const offset = (offsets.length === 1 ? offsets[0] : offsets[k]) as number;
    const scale = (scales.length === 1 ? scales[0] : scales[k]) as number;
    return Math.min(Math.max(Math.floor((value - offset) * scale + 0.5), 0), maximum);
  });
}

function pool(pooling: Pooling, row: ArrayLike<number>): Float64Array {
  const { height, width } = pooling;
  const pooled = new Float64Array((height * width) / 4);
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      const at = y * width + x;
      const sum = [at, at + 1, at + width, at + width + 1].reduce((total, index) => total + (row[index] as number), 0);
      pooled[((y / 2) * width) / 2 + x / 2] = sum / 4;
    }
  }
  return pooled;
}

function expectRow(row: ArrayLike<number>, features: number, name: string): void {
  if (row.length !== features) {
    throw new EncodingError(`${name} has ${row.length} features, not ${features}`, "All rows need the same features");
  }
  for (let k = 0; k < features; k++) {
    if (!Number.isFinite(row[k])) {
      throw new EncodingError(`${name}: feature ${k + 1} is not a finite number`, "Fill in or leave out such rows");
    }
  }
}

/**
 * Turns a network on raw (if pooled: pooled) features into one on the encoded integers e, since x = e / scale + offset
 * up to rounding and clipping.
 * @throws FloatNetworkError when the network's width is not the encoded width
 */
export function foldEncoding(network: FloatNetwork, encoding: Encoding): FloatNetwork {
  return substituteInputs(
    network,
    encoding.scales.map((scale) => 1 / scale),
    encoding.offsets,
  );
}

/**
 * Turns a network that was trained on normalised features u = (x - mean) / deviation into one on raw features x.
 * Images trained as x / 255: mean [0], deviation [255].
 * @throws FloatNetworkError when the counts do not fit
 */
export function foldNormalisation(
  network: FloatNetwork,
  mean: readonly number[],
  deviation: readonly number[],
): FloatNetwork {
  const width = Math.max(mean.length, deviation.length);
  const offsets = Array.from({ length: width }, (_, k) => {
    return (
      -((mean.length === 1 ? mean[0] : mean[k]) as number) /
      ((deviation.length === 1 ? deviation[0] : deviation[k]) as number)
    );
  });
  return substituteInputs(
    network,
    deviation.map((value) => 1 / value),
    offsets,
  );
}

const ENCODING_FILE = "a zkcmp encoding (format zkcmp-encoding, version 1)";

const encodingFileSchema = z.strictObject({
  format: z.literal("zkcmp-encoding"),
  version: z.literal(1),
  inputBits: z.int(),
  features: z.int(),
  pooling: z
    .strictObject({ step: z.literal("mean-pool-2x2"), height: z.int().min(2), width: z.int().min(2) })
    .nullable(),
  offsets: z.array(z.number()),
  scales: z.array(z.number()),
  target: z.strictObject({ bits: z.int(), offset: z.number(), scale: z.number() }).optional(),
});

export function encodingToJson(encoding: Encoding): unknown {
  return { format: "zkcmp-encoding", version: 1, ...encoding };
}

/**
 * Checks a JSON value and builds the encoding; `name` stands for its source in errors.
 * @throws FileFormatError, EncodingError
 */
export function encodingFromJson(value: unknown, name = "The value"): Encoding {
  return encodingFromFile(checkJson(value, name, ENCODING_FILE, encodingFileSchema));
}

function encodingFromFile({
  inputBits,
  features,
  pooling,
  offsets,
  scales,
  target,
}: z.infer<typeof encodingFileSchema>): Encoding {
  return createEncoding({
    inputBits,
    features,
    pooling,
    offsets,
    scales,
    ...(target === undefined ? {} : { target }),
  });
}

/**
 * Reads an encoding file.
 * @throws FileFormatError, EncodingError
 */
export async function readEncoding(path: string): Promise<Encoding> {
  return encodingFromFile(await readJsonFile(path, ENCODING_FILE, encodingFileSchema));
}

export async function writeEncoding(path: string, encoding: Encoding): Promise<void> {
  await writeJsonFile(path, encodingToJson(encoding));
}
