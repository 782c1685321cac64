import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ZkcmpError } from "@zkcmp/field/error";
import { readCsv } from "@zkcmp/network/csv";
import { encodeRow, type Encoding, fitEncoding, identityEncoding, imageEncoding } from "@zkcmp/network/encoding";
import { type LabelledImages, readIdx } from "@zkcmp/network/idx";
import { createTestSet, sliceTestSet, type TestSet } from "@zkcmp/network/testset";
import { DIGIT_SIDE, drawDigits } from "./digits.ts";
import { seededRandom } from "./random.ts";

/** What a demo deal is made of: rows to train on, and rows that training never sees. */
export interface DemoData {
  readonly name: string;
  readonly encoding: Encoding;
  readonly train: TestSet;
  readonly heldOut: TestSet;
}

/** The folder has no data that the demo can read. */
export class DemoDataError extends ZkcmpError {}

const SEED = 20_211;

/** The demo's own digits: drawn, shifted, turned, noisy, 14 x 14 pixels. Held out are 1,000 for one deal and some for two more. */
export function ownDigits(): DemoData {
  return {
    name: "digits drawn by the demo itself (14 x 14 pixels, shifted, turned, noisy)",
    encoding: identityEncoding(DIGIT_SIDE * DIGIT_SIDE, 8),
    train: drawDigits(4_000, SEED),
    heldOut: drawDigits(1_080, SEED + 1),
  };
}

/**
 * Data in a folder: MNIST in IDX format (gz or not), else the first CSV file with its label in the last column.
 * @param options.name part of the CSV file's name, where the folder has several
 * @param options.pool whether images are pooled to half their height and width
 * @throws {DemoDataError} if there is neither
 */
export async function readFolder(
  folder: string,
  { name, pool }: { readonly name?: string | undefined; readonly pool: boolean },
): Promise<DemoData> {
  if (!existsSync(folder)) throw new DemoDataError(`${folder} does not exist`, "Name a folder with IDX or CSV files.");
  const files = readdirSync(folder).sort();
  const pair = (prefix: string): [string, string] | undefined => {
    const images = files.find((file) => file.startsWith(`${prefix}-images`) && file.includes("idx3-ubyte"));
    const labels = files.find((file) => file.startsWith(`${prefix}-labels`) && file.includes("idx1-ubyte"));
    return images === undefined || labels === undefined ? undefined : [join(folder, images), join(folder, labels)];
  };
  const [train, test] = [pair("train"), pair("t10k")];
  if (name === undefined && (train ?? test) !== undefined) {
    const first = await readIdx(...(train ?? test)!);
    const second = train !== undefined && test !== undefined ? await readIdx(...test) : undefined;
    return imageData(first, second, { folder, pool });
  }
  const csv = files.find((file) => file.endsWith(".csv") && file.includes(name ?? ""));
  if (csv === undefined) {
    throw new DemoDataError(
      `${folder} has neither MNIST in IDX format nor a CSV file${name === undefined ? "" : ` named like ${name}`}`,
      "Give *-images-idx3-ubyte and *-labels-idx1-ubyte (.gz or not), or a CSV with its label in the last column.",
    );
  }
  return tableData(join(folder, csv));
}

function imageData(
  first: LabelledImages,
  second: LabelledImages | undefined,
  { folder, pool }: { readonly folder: string; readonly pool: boolean },
): DemoData {
  const encoding = imageEncoding(first.height, first.width, { pool });
  const encoded = (set: LabelledImages): TestSet =>
    createTestSet({
      inputBits: 8,
      classes: 10,
      rows: set.images.map((image) => encodeRow(encoding, image)),
      labels: set.labels,
    });
  const all = encoded(first);
  const cut = second === undefined ? Math.floor(all.rows.length * 0.8) : all.rows.length;
  return {
    name: `IDX images in ${folder}${pool ? `, pooled to ${first.height / 2} x ${first.width / 2}` : ""}`,
    encoding,
    train: sliceTestSet(all, 0, cut),
    heldOut: second === undefined ? sliceTestSet(all, cut, all.rows.length) : encoded(second),
  };
}

async function tableData(path: string): Promise<DemoData> {
  const table = await readCsv(path);
  const order = seededRandom(SEED).shuffled([...table.rows.keys()]);
  const cut = Math.floor(order.length * 0.7);
  const encoding = fitEncoding(
    order.slice(0, cut).map((i) => table.rows[i]!),
    8,
  );
  const part = (places: readonly number[]): TestSet =>
    createTestSet({
      inputBits: 8,
      classes: table.classNames.length,
      rows: places.map((i) => encodeRow(encoding, table.rows[i]!)),
      labels: places.map((i) => table.labels[i]!),
    });
  return { name: path, encoding, train: part(order.slice(0, cut)), heldOut: part(order.slice(cut)) };
}
