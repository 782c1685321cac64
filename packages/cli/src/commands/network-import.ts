import { Command } from "@commander-js/extra-typings";
import { type Encoding, encodingToJson, readEncoding } from "@zkcmp/network/encoding";
import { floatOutputCount } from "@zkcmp/network/float-network";
import { formatJson } from "@zkcmp/network/json-file";
import {
  classesOf,
  importClassifier,
  importRegression,
  ModelImportError,
  type TrainedNetwork,
} from "@zkcmp/network/model-import";
import { networkToJson } from "@zkcmp/network/network";
import { readOnnx } from "@zkcmp/network/onnx";
import type { RawData } from "@zkcmp/network/raw-data";
import { errorReport } from "@zkcmp/network/regression-score";
import { accuracyReport } from "@zkcmp/network/score";
import { parameterCount, shapeId } from "@zkcmp/network/shape";
import { UsageError } from "../cli-error.ts";
import { DATA_OPTIONS, type DataOptions, namingOptions, readRawData } from "../data-source.ts";
import { expectWritable, writeFileWhole } from "../file.ts";
import { readFloatNetwork } from "../float-network-file.ts";
import { example } from "../help.ts";
import { parseInputBits, parseNumbers, parseTargetBits, parseWeightBits } from "../option-value.ts";
import { readOrderFile } from "../order-file.ts";
import { PREDICATE_OPTION } from "../predicate-option.ts";
import type { Session } from "../session.ts";
import { readRawTargets } from "../target-source.ts";

export function networkImportCommand(session: Session) {
  return new Command("import")
    .description("turn a trained classifier or regression into an integer network that can be sold")
    .argument("<model>", "an .onnx file, or a float network in JSON")
    .requiredOption("--calibration <file>", "rows like the ones to come, CSV or IDX: they choose the rescaling")
    .addOption(DATA_OPTIONS.labels)
    .addOption(DATA_OPTIONS.labelColumn)
    .addOption(DATA_OPTIONS.classes)
    .addOption(DATA_OPTIONS.rows)
    .addOption(PREDICATE_OPTION)
    .option("--order <file>", "use the encoding that the buyer's order file publishes")
    .option("--encoding <file>", "use this encoding of raw features")
    .option("--encoding-out <file>", "where to write the encoding that is made if none is given")
    .option("--pool", "images: take the mean of each 2x2 block", false)
    .option("--input-bits <bits>", "bits of the encoding that is made from a CSV", parseInputBits, 8)
    .option(
      "--target-bits <bits>",
      "squared-error: bits of the target digits in the encoding that is made",
      parseTargetBits,
      8,
    )
    .option("--weight-bits <bits>", "bits of weights and biases (default: 8, or 16 for squared-error)", parseWeightBits)
    .option("--mean <numbers>", "the model was trained on (x - mean) / deviation", parseNumbers)
    .option("--deviation <numbers>", "the same, such as 255 for pixels scaled to 0..1", parseNumbers)
    .requiredOption("--out <file>", "where to write the integer network")
    .addHelpText(
      "after",
      example(
        "zkcmp network import model.onnx --calibration train.csv --out network.json --encoding-out encoding.json",
      ),
    )
    .action(async (model, options) => {
      const { force } = session.options;
      expectWritable(options.out, force);
      if (options.encodingOut !== undefined) expectWritable(options.encodingOut, force);
      const trained = await readModel(model);
      if (options.predicate === "squared-error") {
        await importTargets(session, model, trained, options);
        return;
      }
      const raw = await readRawData(options.calibration, await withClasses(trained, options));
      requireClasses(trained, raw, model, options.calibration);
      const given = await givenEncoding(options);
      const imported = await namingFlags(() => importClassifier(trained, raw, { ...options, encoding: given }));
      const { network, encoding, report, notes, before, after } = imported;

      await writeFileWhole(options.out, `${formatJson(networkToJson(network))}\n`, force);
      if (given === null && options.encodingOut !== undefined) {
        await writeFileWhole(options.encodingOut, `${formatJson(encodingToJson(encoding))}\n`, force);
      }
      const parameters = parameterCount(network.shape);
      session.output.result(
        {
          network: options.out,
          encoding: given === null ? options.encodingOut : null,
          shape: shapeId(network.shape),
          parameters,
          accuracy: { float: before.accuracy, quantised: after.accuracy, interval: after.interval },
          rows: { calibration: after.rows, right: after.right },
          largestClassShare: after.largestClassShare,
          layers: report.layers,
          notes,
        },
        [
          `${shapeId(network.shape)}: ${parameters} parameters of ${network.shape.weightBits} bits, in ${options.out}`,
          ...notes,
          ...(given === null ? [`The encoding is in ${options.encodingOut}; it is public and part of the order.`] : []),
          "",
          "On the calibration rows (not on the buyer's):",
          ...accuracyReport(before, after, raw.classNames ?? undefined),
        ],
      );
    });
}

/** The classes as the model's exporter stored them, unless they are named. @throws {UsageError} if the two differ */
async function withClasses<T extends DataOptions>(trained: TrainedNetwork, options: T): Promise<T> {
  // The labels of images are numbers, which no name stands for.
  if (options.labels !== undefined) return options;
  const classes = await namingFlags(() => classesOf(trained, options.classes));
  return classes === undefined ? options : { ...options, classes };
}

/** @throws {UsageError} */
function requireClasses({ network }: TrainedNetwork, { classes }: RawData, model: string, calibration: string): void {
  const outputs = floatOutputCount(network);
  if (classes === outputs) return;
  throw new UsageError(
    `${model} has ${outputs} classes, ${calibration} has ${classes}`,
    `If some do not occur in these rows, name all of them: --classes ${outputs}.`,
  );
}

/** The faults of an import that options make. @throws {UsageError} */
async function namingFlags<T>(work: () => T): Promise<T> {
  return namingOptions(() => {
    try {
      return work();
    } catch (cause) {
      if (!(cause instanceof ModelImportError)) throw cause;
      const { fault, problem, fix } = cause;
      if (fault === "pooling") throw new UsageError(problem, "Leave --pool away.", { cause });
      if (fault !== "class names") throw new UsageError(problem, fix, { cause });
      throw new UsageError(
        problem,
        "Leave --classes away, or export the model with the classes in the order that you need.",
        { cause },
      );
    }
  });
}

async function readModel(path: string): Promise<TrainedNetwork> {
  if (path.endsWith(".json")) return { network: await readFloatNetwork(path), notes: [], classNames: null };
  return readOnnx(path);
}

interface RegressionOptions extends DataOptions {
  readonly calibration: string;
  readonly order?: string | undefined;
  readonly encoding?: string | undefined;
  readonly encodingOut?: string | undefined;
  readonly inputBits: number;
  readonly targetBits: number;
  readonly weightBits?: number | undefined;
  readonly mean?: readonly number[] | undefined;
  readonly deviation?: readonly number[] | undefined;
  readonly out: string;
}

/** The same for a network with one output in units of the targets. */
async function importTargets(
  session: Session,
  model: string,
  trained: TrainedNetwork,
  options: RegressionOptions,
): Promise<void> {
  const { force } = session.options;
  const outputs = floatOutputCount(trained.network);
  if (outputs !== 1) {
    throw new UsageError(
      `${model} has ${outputs} outputs, a regression has one`,
      "Import it with --predicate accuracy.",
    );
  }
  const raw = await readRawTargets(options.calibration, options);
  const given = await givenEncoding(options);
  const imported = await namingFlags(() => importRegression(trained, raw, { ...options, encoding: given }));
  const { network, encoding, report, notes, before, after, clipped } = imported;
  await writeFileWhole(options.out, `${formatJson(networkToJson(network))}\n`, force);
  if (given === null && options.encodingOut !== undefined) {
    await writeFileWhole(options.encodingOut, `${formatJson(encodingToJson(encoding))}\n`, force);
  }
  const parameters = parameterCount(network.shape);
  session.output.result(
    {
      network: options.out,
      encoding: given === null ? options.encodingOut : null,
      shape: shapeId(network.shape),
      parameters,
      reading: network.reading,
      rmse: { float: before.rmse, quantised: after.rmse },
      rSquared: { float: before.rSquared, quantised: after.rSquared },
      rows: { calibration: after.rows, clippedTargets: clipped },
      layers: report.layers,
      notes,
    },
    [
      `${shapeId(network.shape)}: ${parameters} parameters of ${network.shape.weightBits} bits, in ${options.out}`,
      ...notes,
      ...(given === null ? [`The encoding is in ${options.encodingOut}; it is public and part of the order.`] : []),
      "",
      "On the calibration rows (not on the buyer's):",
      ...errorReport(before, after),
    ],
  );
}

/** @throws {UsageError} if there is none and none is to be made */
async function givenEncoding(options: {
  readonly order?: string | undefined;
  readonly encoding?: string | undefined;
  readonly encodingOut?: string | undefined;
}): Promise<Encoding | null> {
  if (options.order === undefined && options.encoding === undefined && options.encodingOut === undefined) {
    throw new UsageError(
      "there is no encoding for the raw features",
      "Give --order or --encoding to use one, or --encoding-out to make one from the calibration rows.",
    );
  }
  if (options.order !== undefined && options.encoding !== undefined) {
    throw new UsageError("--order and --encoding each name an encoding", "Give one of them.");
  }
  if (options.encoding !== undefined) return readEncoding(options.encoding);
  if (options.order === undefined) return null;
  const { encoding } = await readOrderFile(options.order);
  if (encoding === null) {
    throw new UsageError(`the order in ${options.order} publishes no encoding`, "Give one with --encoding.");
  }
  return encoding;
}
