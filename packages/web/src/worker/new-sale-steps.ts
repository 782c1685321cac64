import {
  bitsOf,
  checkDisclosure,
  type DisclosureLimits,
  expectedDisclosure,
  modelDigest,
} from "@zkcmp/chain/disclosure";
import { keepSeenOrder } from "@zkcmp/chain/known-order";
import { chainTime } from "@zkcmp/chain/network-connection";
import { checkFit, sealSale } from "@zkcmp/chain/seller/seal";
import { ZkcmpError } from "@zkcmp/field/error";
import { type Encoding, encodingFromJson, encodingToJson } from "@zkcmp/network/encoding";
import { formatJson, parseJson } from "@zkcmp/network/json-file";
import { type Network, networkFromJson, networkToJson } from "@zkcmp/network/network";
import type { QuantisationReport, QuantisedLayer } from "@zkcmp/network/quantise";
import type { NamedBytes } from "@zkcmp/network/raw-data";
import type { QuantisedRegressionScore, RegressionScore } from "@zkcmp/network/regression-score";
import type { Score } from "@zkcmp/network/score";
import { type NetworkShape, parameterCount, shapeId } from "@zkcmp/network/shape";
import { rmseOf } from "@zkcmp/sale/error-bound";
import type { Hex } from "@zkcmp/sale/hex";
import { type Order, orderHash } from "@zkcmp/sale/order";
import { decodeOrderFile, type OrderFile } from "@zkcmp/sale/order-file";
import type { Predicate } from "@zkcmp/sale/predicate";
import { statementLines } from "@zkcmp/sale/statement-words";
import * as z from "zod";
import type { OnProgress } from "../progress.ts";
import { packError } from "../step-error.ts";
import type { NamedText } from "./keys-desk.ts";
import type { ProofForecastView } from "./proof-forecast.ts";
import type { SaleSession } from "./sale-steps.ts";

/** What an order file says. */
export interface OrderView {
  readonly orderHash: Hex;
  readonly order: Order;
  /** Unix seconds, the chain's clock. */
  readonly now: number;
  /** What the deal would state, in sentences. */
  readonly statement: readonly string[];
  /** What the bound of a regression is in units of the targets; null where the order does not say. */
  readonly rmse: number | null;
  readonly hasEncoding: boolean;
  /** Whether this journal has sealed for the order before. */
  readonly isSealed: boolean;
}

/** An integer network, ready to be sealed. */
export interface NetworkView {
  readonly shape: string;
  readonly parameters: number;
  readonly weightBits: number;
  readonly isRegression: boolean;
}

/** How a trained network is to become one of integers. */
export interface ImportWish {
  readonly predicate: Predicate;
  /** Of a CSV: the last column if not given. */
  readonly labelColumn?: string;
  /** In the model's order. */
  readonly classes?: readonly string[];
  /** Images: take the mean of each 2x2 block. */
  readonly pool: boolean;
  /** Of an encoding that is made, 1 to 16. */
  readonly inputBits: number;
  /** The same for the digits of targets, 2 to 16. */
  readonly targetBits: number;
  /** 2 to 16; 8, or 16 for a regression, if not given. */
  readonly weightBits?: number;
  /** The model was trained on (x - mean) / deviation. */
  readonly mean?: readonly number[];
  readonly deviation?: readonly number[];
}

/** A trained network, and rows that choose its rescaling. */
export interface ImportRequest {
  readonly model: NamedBytes;
  /** One CSV, or two IDX files. */
  readonly rows: readonly NamedBytes[];
  /** The order whose encoding is to be used, or null. */
  readonly order: NamedText | null;
  /** An encoding that takes its place, or null; where both are null, one is made. */
  readonly encoding: NamedText | null;
  readonly options: ImportWish;
}

/** One layer of an imported network. */
export type LayerView = Pick<QuantisedLayer, "clipped" | "shift" | "magnitudeBits"> &
  Pick<NetworkShape["layers"][number], "inputs" | "outputs" | "activation">;

/** An imported network, and what the rescaling has cost on the given rows. */
export interface ImportedView {
  readonly network: NamedText;
  readonly view: NetworkView;
  /** The encoding, where one was made; else null. */
  readonly encoding: NamedText | null;
  /** What was left out of the model's file, one sentence each. */
  readonly notes: readonly string[];
  readonly layers: readonly LayerView[];
  /** Of a classifier; else null. */
  readonly accuracy: {
    readonly float: Score;
    readonly quantised: Score;
    readonly classNames: readonly string[];
  } | null;
  /** Of a regression; else null. */
  readonly regression: {
    readonly float: RegressionScore;
    readonly quantised: QuantisedRegressionScore;
    readonly clippedTargets: number;
  } | null;
}

/** Something that is wrong, in words. */
export interface Objection {
  readonly problem: string;
  readonly fix: string;
}

/** How much the seller lets an order ask, as the page writes it down. */
export interface LimitChoice {
  readonly minimumRows: number;
  /** 0 to 1. */
  readonly advertisedAccuracy: number | null;
  /** In units of the targets. */
  readonly advertisedRmse: number | null;
  readonly maximumBits: number | null;
}

/** Whether a network may be sealed for an order. */
export interface SealCheck {
  /** Why the network does not fit the order, or null. */
  readonly misfit: Objection | null;
  /** Why the order asks more than the limits allow, or null. */
  readonly excess: Objection | null;
  /** Bits about the model that all answers so far, and those that are due, release. */
  readonly bitsBefore: number;
  /** What the answer to this order adds. */
  readonly bitsAdded: number;
  /** null where the network does not fit. */
  readonly forecast: ProofForecastView | null;
}

/** Rows that cannot be what is asked for. */
export class RowsError extends ZkcmpError {}

/** What the page does before there is a sale. */
export class NewSaleSteps {
  readonly #session: SaleSession;

  constructor(session: SaleSession) {
    this.#session = session;
  }

  /** @throws FileFormatError, {OrderError}, {RefusedError} if it is none of its buyer; {WrongChainError} */
  async readOrder(file: NamedText): Promise<OrderView> {
    const { signedOrder, encoding } = decodeOrderFile(file.text, file.name);
    const { order } = signedOrder;
    const connection = await this.#session.connection({ chainId: order.chainId });
    const hash = orderHash(order);
    const scale = encoding?.target?.scale;
    return {
      orderHash: hash,
      order,
      now: await chainTime(connection),
      statement: statementLines(order),
      rmse: order.predicate === "accuracy" || scale === undefined ? null : rmseOf(order.errorBound, order.rows, scale),
      hasEncoding: encoding !== null,
      isSealed: (await this.#session.journal.findSale(hash)) !== null,
    };
  }

  /** Reads a finished integer network. @throws FileFormatError, ShapeError, NetworkError */
  async readNetwork(file: NamedText): Promise<NetworkView> {
    return viewOfNetwork(decodeNetwork(file));
  }

  /**
   * Turns a trained network into one of integers and measures what that costs.
   * @throws ModelImportError, OnnxError, CsvError, IdxError, RawDataError and others that name the file and what is wrong with it
   */
  async importModel(request: ImportRequest, onProgress: OnProgress): Promise<ImportedView> {
    const { model, rows, options } = request;
    const { classesOf, importClassifier, importRegression, parseModel } = await import("@zkcmp/network/model-import");
    const { parseRawData, parseRawTargets } = await import("@zkcmp/network/raw-data");
    onProgress({ what: "Reading the model" });
    const trained = parseModel(model);
    const encoding = encodingOf(request);
    onProgress({ what: "Reading the rows" });
    const name = `${model.name.replace(/\.(onnx|json)$/, "")}-network.json`;
    const made = (used: Encoding): NamedText | null =>
      encoding === null ? { name: "encoding.json", text: `${formatJson(encodingToJson(used))}\n` } : null;
    if (options.predicate === "squared-error") {
      if (rows.length !== 1) throw new RowsError("a regression takes one CSV of rows", "Give the CSV alone.");
      const raw = parseRawTargets(rows[0]!, options);
      onProgress({ what: "Quantising" });
      const { network, report, notes, before, after, clipped, ...rest } = importRegression(trained, raw, {
        ...options,
        encoding,
      });
      return {
        ...{ network: { name, text: encodeNetwork(network) }, view: viewOfNetwork(network) },
        ...{ encoding: made(rest.encoding), notes, layers: layersOf(network, report), accuracy: null },
        regression: { float: before, quantised: after, clippedTargets: clipped },
      };
    }
    const classes = classesOf(trained, options.classes);
    const raw = await parseRawData(rows, { ...options, classes });
    onProgress({ what: "Quantising" });
    const { network, report, notes, before, after, ...rest } = importClassifier(trained, raw, { ...options, encoding });
    const classNames = raw.classNames ?? Array.from({ length: raw.classes }, (_, label) => String(label));
    return {
      ...{ network: { name, text: encodeNetwork(network) }, view: viewOfNetwork(network) },
      ...{ encoding: made(rest.encoding), notes, layers: layersOf(network, report), regression: null },
      accuracy: { float: before, quantised: after, classNames },
    };
  }

  /** Whether a network fits an order, what the order asks of it, and what the proof takes here. */
  async check(orderFile: NamedText, networkFile: NamedText, choice: LimitChoice): Promise<SealCheck> {
    const order = decodeOrderFile(orderFile.text, orderFile.name);
    const terms = order.signedOrder.order;
    const network = decodeNetwork(networkFile);
    const soFar = await expectedDisclosure(this.#session.journal, modelDigest(network), orderHash(terms));
    const misfit = objectionOf(() => checkFit(network, terms));
    return {
      misfit,
      excess: objectionOf(() => checkDisclosure(terms, limitsOf(choice, order), soFar)),
      bitsBefore: soFar.bits,
      bitsAdded: bitsOf(terms, "proof"),
      forecast: misfit === null ? await forecastOf(network, terms) : null,
    };
  }

  /**
   * Seals a network for an order, to be proven with Libra. Key and seal are in the journal when this returns.
   * @throws {SealingError}, {DisclosureError}
   */
  async seal(orderFile: NamedText, networkFile: NamedText, choice: LimitChoice): Promise<Hex> {
    const { journal } = this.#session;
    const order = decodeOrderFile(orderFile.text, orderFile.name);
    await keepSeenOrder(journal, order);
    await sealSale(journal, {
      signedOrder: order.signedOrder,
      network: decodeNetwork(networkFile),
      networkPath: networkFile.name,
      // Libra has no key files, so nothing of its prover is needed here.
      proofSystem: { id: "libra", keyFiles: {} },
      limits: limitsOf(choice, order),
    });
    return orderHash(order.signedOrder.order);
  }
}

const NETWORK_FILE = "a zkcmp network file (format zkcmp-network, version 1)";

function decodeNetwork({ text, name }: NamedText): Network {
  return networkFromJson(parseJson(text, name, NETWORK_FILE, z.unknown()), name);
}

/** The text of a network file, as `zkcmp network import` writes it. */
export function encodeNetwork(network: Network): string {
  return `${formatJson(networkToJson(network))}\n`;
}

export function viewOfNetwork({ shape, reading }: Network): NetworkView {
  return {
    shape: shapeId(shape),
    parameters: parameterCount(shape),
    weightBits: shape.weightBits,
    isRegression: reading !== undefined,
  };
}

function layersOf({ shape }: Network, report: QuantisationReport): LayerView[] {
  return shape.layers.map(({ inputs, outputs, activation }, layer) => {
    const { clipped, shift, magnitudeBits } = report.layers[layer]!;
    return { inputs, outputs, activation, clipped, shift, magnitudeBits };
  });
}

function encodingOf({ encoding, order }: ImportRequest): Encoding | null {
  if (encoding !== null) {
    const json: unknown = parseJson(encoding.text, encoding.name, "a zkcmp encoding", z.unknown());
    return encodingFromJson(json, encoding.name);
  }
  return order === null ? null : decodeOrderFile(order.text, order.name).encoding;
}

function limitsOf(choice: LimitChoice, { encoding }: OrderFile): DisclosureLimits {
  const { minimumRows, advertisedAccuracy, advertisedRmse, maximumBits } = choice;
  return {
    minimumRows,
    ...(advertisedAccuracy === null ? {} : { advertisedAccuracy }),
    ...(advertisedRmse === null ? {} : { advertisedError: (advertisedRmse * (encoding?.target?.scale ?? 1)) ** 2 }),
    ...(maximumBits === null ? {} : { maximumBits }),
  };
}

async function forecastOf({ shape }: Network, order: Order): Promise<ProofForecastView> {
  const { forecastProof, thisBrowser } = await import("./proof-forecast.ts");
  const { rows, sampledRows, predicate } = order;
  const variant = { shape, rows: sampledRows === 0 ? rows : sampledRows, predicate, committed: false };
  return forecastProof(variant, thisBrowser());
}

function objectionOf(check: () => void): Objection | null {
  try {
    check();
    return null;
  } catch (error) {
    if (!(error instanceof ZkcmpError)) throw error;
    const { problem, fix } = packError(error) as Extract<ReturnType<typeof packError>, { kind: "told" }>;
    return { problem, fix };
  }
}
