import { readFile } from "node:fs/promises";
import { DisclosureError } from "@zkcmp/chain/disclosure";
import { orderFileOf } from "@zkcmp/chain/known-order";
import { SealingError } from "@zkcmp/chain/seller/seal";
import { CsvError } from "@zkcmp/network/csv";
import { encodeRow, encodingFromJson } from "@zkcmp/network/encoding";
import { parseModel } from "@zkcmp/network/model-import";
import { networkFromJson, networkToJson } from "@zkcmp/network/network";
import { createTestSet } from "@zkcmp/network/testset";
import { encodingDigest } from "@zkcmp/sale/encoding-digest";
import { encodeOrderFile } from "@zkcmp/sale/order-file";
import { expect } from "chai";
import { expectRefusal, newHomes, openWorld, order, type World } from "../../../chain/test/fixture.ts";
import { networkOf } from "../../../sale/test/fixture.ts";
import {
  type ImportRequest,
  type ImportWish,
  type LimitChoice,
  NewSaleSteps,
  RowsError,
} from "../../src/worker/new-sale-steps.ts";
import { DeskSession } from "./desk-session.ts";

const LIMITS: LimitChoice = { minimumRows: 1, advertisedAccuracy: null, advertisedRmse: null, maximumBits: null };
const WISH: ImportWish = { predicate: "accuracy", pool: false, inputBits: 4, targetBits: 8 };
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Class 1 where the first feature is larger than the second. */
const MODEL = {
  name: "model.json",
  bytes: bytesOf(
    JSON.stringify({
      format: "zkcmp-float-network",
      version: 1,
      layers: [
        {
          activation: "none",
          weights: [
            [0, 0],
            [1, -1],
          ],
          biases: [0, 0],
        },
      ],
    }),
  ),
};
const POINTS = Array.from({ length: 60 }, (_, i) => [10 * Math.sin(i), 10 * Math.sin(3 * i + 1)]);
const ROWS = {
  name: "rows.csv",
  bytes: bytesOf(`a,b,label\n${POINTS.map(([a, b]) => `${a},${b},${a! > b! ? "more" : "less"}`).join("\n")}\n`),
};

describe("steps of the page before there is a sale", function () {
  this.timeout(60_000);
  let chain: World;
  let world: World;
  let steps: NewSaleSteps;
  before(async () => {
    chain = await openWorld();
  });
  beforeEach(async () => {
    world = await newHomes(chain);
    steps = new NewSaleSteps(new DeskSession(world.connection, world.seller.journal, world.escrow));
  });
  afterEach(() => world.close());
  after(() => chain.close());

  const quiet = (): void => undefined;
  const importing = (changes: Partial<ImportRequest> = {}) =>
    steps.importModel({ model: MODEL, rows: [ROWS], order: null, encoding: null, options: WISH, ...changes }, quiet);
  const networkFile = (network = world.network) => ({
    name: "network.json",
    text: JSON.stringify(networkToJson(network)),
  });

  /** The file of an order for the world's network. */
  async function orderFile(changes: Parameters<typeof order>[1] = {}) {
    const placed = await order(world, changes);
    const text = encodeOrderFile({ signedOrder: placed.signedOrder, encoding: null });
    return { placed, file: { name: "order.json", text } };
  }

  it("say what an order asks for, and whether it was sealed for", async () => {
    const { placed, file } = await orderFile();
    const view = await steps.readOrder(file);
    expect(view).to.deep.include({ orderHash: placed.hash, order: placed.order, hasEncoding: false, isSealed: false });
    expect(view.statement[0]).to.match(/at least 20 of 24 rows right/);
    await steps.seal(file, networkFile(), LIMITS);
    expect((await steps.readOrder(file)).isSealed).to.equal(true);
  });

  it("set the float accuracy beside the quantised one, and make an encoding for the buyer", async () => {
    const { network, view, encoding, accuracy, layers, regression } = await importing();
    expect(network.name).to.equal("model-network.json");
    expect(networkFromJson(JSON.parse(network.text)).shape).to.include({ inputBits: 4, weightBits: 8 });
    expect(view).to.deep.include({ parameters: 6, weightBits: 8, isRegression: false });
    expect(accuracy!.classNames).to.deep.equal(["less", "more"]);
    expect(accuracy!.float.right).to.equal(60);
    expect(accuracy!.quantised.rows).to.equal(60);
    expect(layers).to.have.lengthOf(1);
    expect(layers[0]).to.include({ inputs: 2, outputs: 2, activation: "none", clipped: 0 });
    expect(encodingFromJson(JSON.parse(encoding!.text))).to.include({ features: 2, inputBits: 4 });
    expect(regression).to.equal(null);
  });

  it("take the encoding that an order publishes, and make none then; sealing keeps it", async () => {
    const made = encodingFromJson(JSON.parse((await importing()).encoding!.text));
    const testSet = createTestSet({
      inputBits: 4,
      classes: 2,
      rows: POINTS.map((point) => encodeRow(made, point)),
      labels: POINTS.map(([a, b]) => (a! > b! ? 1 : 0)),
    });
    const placed = await order(world, { encodingDigest: encodingDigest(made), threshold: 30 }, testSet);
    const file = { name: "order.json", text: encodeOrderFile({ signedOrder: placed.signedOrder, encoding: made }) };
    const imported = await importing({ order: file });
    expect(imported.encoding).to.equal(null);
    const check = await steps.check(file, imported.network, LIMITS);
    expect(check).to.deep.include({ misfit: null, excess: null, bitsBefore: 0, bitsAdded: 1 });
    expect(check.forecast!.fits).to.equal(true);
    const hash = await steps.seal(file, imported.network, LIMITS);
    expect(hash).to.equal(placed.hash);
    const { core } = await world.seller.journal.sale(hash);
    expect(core).to.include({ proofSystem: "libra", modelCommitment: 0n });
    expect((await orderFileOf(world.seller.journal, hash)).encoding).to.deep.equal(made);
  });

  it("read ONNX as libraries export it", async () => {
    const folder = new URL("../../../network/test/fixtures/", import.meta.url);
    const bytes = new Uint8Array(await readFile(new URL("sklearn-pipeline.onnx", folder)));
    const { rows, probabilities } = JSON.parse(await readFile(new URL("sklearn-pipeline.json", folder), "utf8")) as {
      rows: number[][];
      probabilities: number[][];
    };
    // The classes that the exporter stored with the model.
    const { classNames } = parseModel({ name: "model.onnx", bytes });
    const names = classNames!;
    const header = rows[0]!.map((_, k) => `x${k}`).join(",");
    const lines = rows.map((row, i) => `${row.join(",")},${names[likeliest(probabilities[i]!)]}`).join("\n");
    const csv = { name: "rows.csv", bytes: bytesOf(`${header},label\n${lines}\n`) };
    const options = { ...WISH, inputBits: 8 };
    const { accuracy, network } = await importing({ model: { name: "model.onnx", bytes }, rows: [csv], options });
    expect(network.name).to.equal("model-network.json");
    expect(accuracy!.float).to.include({ rows: rows.length, right: rows.length });
  });

  it("score a regression by its root mean square error", async () => {
    const model = {
      name: "price.json",
      bytes: bytesOf(
        JSON.stringify({
          format: "zkcmp-float-network",
          version: 1,
          layers: [{ activation: "none", weights: [[2, -1]], biases: [5] }],
        }),
      ),
    };
    const csv = {
      name: "rows.csv",
      bytes: bytesOf(`a,b,price\n${POINTS.map(([a, b]) => `${a},${b},${2 * a! - b! + 5}`).join("\n")}\n`),
    };
    const options: ImportWish = { ...WISH, predicate: "squared-error", inputBits: 8 };
    const { regression, accuracy, view } = await importing({ model, rows: [csv], options });
    expect(accuracy).to.equal(null);
    expect(view).to.include({ isRegression: true, weightBits: 16 });
    expect(regression!.float.rmse).to.be.lessThan(1e-9);
    expect(regression!.quantised.rmse).to.be.greaterThan(0).and.lessThan(1);
    expect(regression!.clippedTargets).to.equal(0);
    await expectRefusal(importing({ model, rows: [csv, csv], options }), RowsError, /takes one CSV/);
  });

  it("name the file and what is wrong with it, without quoting weights", async () => {
    const broken = { name: "model.json", bytes: bytesOf('{"format": 0.123456789') };
    const error = await importing({ model: broken }).catch((thrown: unknown) => thrown as Error);
    expect((error as Error).message)
      .to.match(/model\.json/)
      .and.to.not.match(/123456789/);
    const noRows = { name: "rows.csv", bytes: bytesOf("a,b\n1\n") };
    await expectRefusal(importing({ rows: [noRows] }), CsvError, /rows\.csv/);
    const wrong = await steps.readNetwork({ name: "x.json", text: '{"w": 7.25' }).catch((thrown: unknown) => thrown);
    expect((wrong as Error).message)
      .to.match(/x\.json/)
      .and.to.not.match(/7\.25/);
  });

  it("say before the seal why a network does not fit, and what an order asks too much", async () => {
    const { file } = await orderFile();
    const shape = { ...world.network.shape, inputBits: 5 };
    const other = networkFile(networkOf(shape));
    const check = await steps.check(file, other, { ...LIMITS, minimumRows: 100 });
    expect(check.misfit!.problem).to.match(/has 5 input bits/);
    expect(check.excess!.problem).to.match(/24 rows, fewer than the 100/);
    expect(check.forecast).to.equal(null);
    await expectRefusal(steps.seal(file, other, LIMITS), SealingError, /input bits/);
    const strict = { ...LIMITS, advertisedAccuracy: 0.8 };
    await expectRefusal(steps.seal(file, networkFile(), strict), DisclosureError, /advertised accuracy 0\.8/);
    expect(await world.seller.journal.sales()).to.deep.equal([]);
  });

  it("count what other orders will be told about the model", async () => {
    const first = await orderFile();
    await steps.seal(first.file, networkFile(), LIMITS);
    const second = await orderFile();
    const check = await steps.check(second.file, networkFile(), { ...LIMITS, maximumBits: 1 });
    expect(check).to.include({ bitsBefore: 1, bitsAdded: 1 });
    expect(check.excess!.problem).to.match(/release 2 bits, more than the 1/);
  });
});

function likeliest(probabilities: readonly number[]): number {
  return probabilities.indexOf(Math.max(...probabilities));
}
