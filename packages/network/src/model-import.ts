import { ZkcmpError } from "@zkcmp/field/error";
import {
  encodedWidth,
  type Encoding,
  fitEncoding,
  foldEncoding,
  foldNormalisation,
  imageEncoding,
} from "./encoding.ts";
import { type FloatNetwork, floatOutputCount, floatOutputs } from "./float-network.ts";
import { parseFloatNetwork } from "./float-network-file.ts";
import type { Network } from "./network.ts";
import { type ImportedNetwork, parseOnnx } from "./onnx.ts";
import { type QuantisationReport, quantise, quantiseRegression } from "./quantise.ts";
import { encodeData, encodeTargets, type NamedBytes, type RawData, type RawTargets, targetOf } from "./raw-data.ts";
import {
  type QuantisedRegressionScore,
  type RegressionScore,
  scoreRegression,
  scoreTargets,
} from "./regression-score.ts";
import { type Score, score, scoreFloat } from "./score.ts";
import { fitTargetEncoding } from "./target-encoding.ts";

/** Why a model does not become a network that can be sold. */
export type ModelImportFault =
  /** Model and rows have different numbers of classes. */
  | "classes"
  /** The model's own classes are other ones, or in another order. */
  | "class names"
  /** Rows that are no images cannot be pooled. */
  | "pooling"
  /** A regression has one output. */
  | "outputs";

/** A model that does not fit the rows, or what is to be made of it. */
export class ModelImportError extends ZkcmpError {
  readonly fault: ModelImportFault;
  /** The model's outputs, where they are the fault. */
  readonly outputs: number;

  constructor(fault: ModelImportFault, problem: string, fix: string, outputs = 0) {
    super(problem, fix);
    this.fault = fault;
    this.outputs = outputs;
  }
}

/** A trained network as its file has it. */
export type TrainedNetwork = Pick<ImportedNetwork, "network" | "notes" | "classNames">;

/** How a trained network becomes one of integers. */
export interface ImportOptions {
  /** The rule for raw features, as a buyer's order publishes it; null makes one from the rows. */
  readonly encoding: Encoding | null;
  /** Where one is made: the bits of an encoded feature that is no pixel, 1 to 16; 8 if left out. */
  readonly inputBits?: number | undefined;
  /** Bits of weights and biases, 2 to 16; if left out 8, and 16 for a regression. */
  readonly weightBits?: number | undefined;
  /** The network was trained on (x - mean) / deviation; a number for each feature, or one for all. */
  readonly mean?: readonly number[] | undefined;
  readonly deviation?: readonly number[] | undefined;
}

export interface ClassifierOptions extends ImportOptions {
  /** Where an encoding is made, of images: take the mean of each 2x2 block. */
  readonly pool?: boolean | undefined;
}

export interface RegressionOptions extends ImportOptions {
  /** Where an encoding is made: bits of the target digits, 2 to 16; 8 if left out. */
  readonly targetBits?: number | undefined;
}

interface ImportedModel {
  readonly network: Network;
  /** The one that was given, or made. It is public and part of an order. */
  readonly encoding: Encoding;
  readonly report: QuantisationReport;
  /** What was left out of the model's file, one sentence each. */
  readonly notes: readonly string[];
}

/** A classifier, and what it has right of the rows that chose its rescaling, before and after. */
export interface ImportedClassifier extends ImportedModel {
  readonly before: Score;
  readonly after: Score;
}

/** The same for a network with one output in units of the targets. */
export interface ImportedRegression extends ImportedModel {
  readonly before: RegressionScore;
  readonly after: QuantisedRegressionScore;
  /** Targets of the rows that lie outside of what the digits cover. */
  readonly clipped: number;
}

/**
 * Reads the file of a trained network: .onnx, or a float network in JSON.
 * @throws OnnxError, FloatNetworkError, FileFormatError
 */
export function parseModel({ name, bytes }: NamedBytes): TrainedNetwork {
  if (!name.endsWith(".json")) return parseOnnx(bytes, name);
  return { network: parseFloatNetwork(new TextDecoder().decode(bytes), name), notes: [], classNames: null };
}

/**
 * The classes in order: as the model's exporter stored them, else as they are named.
 * @returns undefined where neither says
 * @throws {ModelImportError} if the two differ
 */
export function classesOf(
  { classNames }: Pick<TrainedNetwork, "classNames">,
  named: readonly string[] | undefined,
): readonly string[] | undefined {
  if (classNames === null) return named;
  if (named !== undefined && named.join() !== classNames.join()) {
    throw new ModelImportError(
      "class names",
      `the model's classes are ${classNames.join(", ")}, in this order`,
      "Name no classes, or export the model with the classes in the order that you need.",
    );
  }
  return classNames;
}

/**
 * Turns a trained classifier into a network of integers.
 * @param raw rows like the ones to come: they choose the rescaling, and the encoding if none is given
 * @throws {ModelImportError}, {FloatNetworkError}, {EncodingError}, {QuantiseError} if model, rows and options do not fit
 */
export function importClassifier(
  trained: TrainedNetwork,
  raw: RawData,
  options: ClassifierOptions,
): ImportedClassifier {
  const outputs = floatOutputCount(trained.network);
  if (raw.classes !== outputs) {
    throw new ModelImportError(
      "classes",
      `the model has ${outputs} classes, the rows have ${raw.classes}`,
      `If some do not occur in these rows, name all ${outputs} of them.`,
      outputs,
    );
  }
  const encoding = options.encoding ?? classifierEncoding(raw, options);
  const onRaw = foldNormalisation(trained.network, options.mean ?? [0], options.deviation ?? [1]);
  const encoded = encodeData(raw, encoding);
  const { network, report } = quantise(foldEncoding(onRaw, encoding), encoded, {
    inputBits: encoding.inputBits,
    weightBits: options.weightBits ?? 8,
  });
  return {
    ...{ network, encoding, report, notes: trained.notes },
    before: floatScore(onRaw, encoding, raw, encoded.rows),
    after: score(network, encoded),
  };
}

/** The same for a regression. @param raw its targets in the units in which the model answers */
export function importRegression(
  trained: TrainedNetwork,
  raw: RawTargets,
  options: RegressionOptions,
): ImportedRegression {
  const outputs = floatOutputCount(trained.network);
  if (outputs !== 1) {
    throw new ModelImportError(
      "outputs",
      `the model has ${outputs} outputs, a regression has one`,
      "Import it as a classifier.",
      outputs,
    );
  }
  const encoding = options.encoding ?? {
    ...fitEncoding(raw.rows, options.inputBits ?? 8),
    target: fitTargetEncoding(raw.targets, options.targetBits ?? 8),
  };
  const target = targetOf(encoding);
  const { set, clipped } = encodeTargets(raw, encoding, target);
  const onRaw = foldNormalisation(trained.network, options.mean ?? [0], options.deviation ?? [1]);
  const calibration = { rows: set.rows, targets: raw.targets };
  const { network, report } = quantiseRegression(foldEncoding(onRaw, encoding), calibration, target, {
    inputBits: encoding.inputBits,
    weightBits: options.weightBits ?? 16,
  });
  const answers = raw.rows.map((row) => floatOutputs(onRaw, row)[0]!);
  return {
    ...{ network, encoding, report, notes: trained.notes, clipped },
    before: scoreTargets(answers, raw.targets),
    after: scoreRegression(network, set, target.scale),
  };
}

function classifierEncoding(raw: RawData, { pool = false, inputBits = 8 }: ClassifierOptions): Encoding {
  if (raw.image !== null) return imageEncoding(raw.image.height, raw.image.width, { pool });
  if (pool) {
    throw new ModelImportError("pooling", "only images can be pooled, and a CSV holds none", "Do not pool.");
  }
  return fitEncoding(raw.rows, inputBits);
}

/** A pooled network never sees raw rows: it is scored on encoded ones, which differ by the rounding of the inputs. */
function floatScore(network: FloatNetwork, encoding: Encoding, raw: RawData, encoded: readonly Uint16Array[]): Score {
  return encodedWidth(encoding) === encoding.features
    ? scoreFloat(network, raw.rows, raw.labels, raw.classes)
    : scoreFloat(foldEncoding(network, encoding), encoded, raw.labels, raw.classes);
}
