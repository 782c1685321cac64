import { existsSync } from "node:fs";
import { join } from "node:path";
import { readCsv } from "@zkcmp/network/csv";
import { encodeRow, type Encoding, fitEncoding, imageEncoding } from "@zkcmp/network/encoding";
import { type LabelledImages, readIdx } from "@zkcmp/network/idx";
import { quantise } from "@zkcmp/network/quantise";
import { score, scoreFloat } from "@zkcmp/network/score";
import { createTestSet, sliceTestSet, type TestSet } from "@zkcmp/network/testset";
import { expect } from "chai";
import { seededRandom } from "../random.ts";
import { trainNetwork } from "../training.ts";

/** Kept beside the project, never in it. */
const DATA = join(import.meta.dirname, "..", "..", "..", "shared", "data");

interface Split {
  readonly train: TestSet;
  readonly test: TestSet;
}

async function accuracies(name: string, { train, test }: Split, hidden: number[], epochs: number, batchSize: number) {
  const inputMax = 2 ** train.inputBits - 1;
  const network = await trainNetwork({ ...train, inputMax }, { hidden, epochs, seed: 1, batchSize });
  const calibration = sliceTestSet(train, 0, Math.min(2000, train.rows.length));
  const float = scoreFloat(network, test.rows, test.labels, test.classes);
  const quantised = score(quantise(network, calibration, { inputBits: train.inputBits }).network, test);
  const [low, high] = quantised.interval.map((share) => share.toFixed(4));
  console.log(
    `      ${name}: float ${float.accuracy.toFixed(4)}, quantised ${quantised.accuracy.toFixed(4)} (${quantised.right} of ${quantised.rows}, 95 % interval ${low} to ${high})`,
  );
  return { float: float.accuracy, quantised: quantised.accuracy };
}

describe("real data", function () {
  this.timeout(120_000);
  before(function () {
    if (existsSync(DATA)) return;
    console.log(`    skipped: there is no folder ${DATA} with MNIST and banknote_authentication.csv`);
    this.skip();
  });

  describe("MNIST, first 8,000 of its test part to train, last 2,000 to test", () => {
    let idx: LabelledImages;
    before(async () => {
      idx = await readIdx(join(DATA, "t10k-images-idx3-ubyte.gz"), join(DATA, "t10k-labels-idx1-ubyte.gz"));
    });

    function split(encoding: Encoding): Split {
      const rows = idx.images.map((image) => encodeRow(encoding, image));
      const all = createTestSet({ inputBits: encoding.inputBits, classes: 10, rows, labels: idx.labels });
      return { train: sliceTestSet(all, 0, 8000), test: sliceTestSet(all, 8000, 10_000) };
    }

    it("reads 10,000 images of 28 x 28", () => {
      expect([idx.images.length, idx.labels.length, idx.height, idx.width]).to.deep.equal([10_000, 10_000, 28, 28]);
      expect([...idx.labels.subarray(0, 5)]).to.deep.equal([7, 2, 1, 0, 4]);
    });

    it("learns 196-16-10 on pooled images", async () => {
      const data = split(imageEncoding(28, 28, { pool: true }));
      const { float, quantised } = await accuracies("MNIST 196-16-10", data, [16], 8, 64);
      expect(float).to.be.greaterThan(0.91);
      expect(quantised).to.be.greaterThan(float - 0.01);
    });

    it("learns 784-32-10", async () => {
      const data = split(imageEncoding(28, 28, { pool: false }));
      const { float, quantised } = await accuracies("MNIST 784-32-10", data, [32], 4, 64);
      expect(float).to.be.greaterThan(0.93);
      expect(quantised).to.be.greaterThan(float - 0.01);
    });
  });

  it("learns banknotes with 4-8-2", async () => {
    const table = await readCsv(join(DATA, "banknote_authentication.csv"));
    const order = seededRandom(1).shuffled(table.rows.map((_, i) => i));
    const cut = 1000;
    const encoding = fitEncoding(
      order.slice(0, cut).map((i) => table.rows[i]!),
      8,
    );
    const rows = order.map((i) => encodeRow(encoding, table.rows[i]!));
    const all = createTestSet({ inputBits: 8, classes: 2, rows, labels: order.map((i) => table.labels[i]!) });
    const data = { train: sliceTestSet(all, 0, cut), test: sliceTestSet(all, cut, rows.length) };
    const { float, quantised } = await accuracies("banknotes 4-8-2", data, [8], 40, 16);
    expect(float).to.be.greaterThan(0.95);
    expect(quantised).to.be.greaterThan(float - 0.02);
  });

  it("reads irises with names as classes, and names the first cell of the cars that is no number", async () => {
    const irises = await readCsv(join(DATA, "iris.csv"));
    expect(irises.classNames).to.deep.equal(["setosa", "versicolor", "virginica"]);
    expect([irises.rows.length, irises.featureNames?.length]).to.deep.equal([150, 4]);
    const cars = await readCsv(join(DATA, "mpg.csv"), { label: "origin" }).then(
      () => "",
      (error: Error) => error.message,
    );
    expect(cars).to.contain('mpg.csv, line 2, column 9 (name): "chevrolet chevelle malibu" is not a number');
  });
});
