import { expect } from "chai";
import { fitEncoding, imageEncoding } from "../src/encoding.ts";
import { createFloatNetwork, floatOutputs } from "../src/float-network.ts";
import { classesOf, importClassifier, importRegression, ModelImportError, parseModel } from "../src/model-import.ts";
import { OnnxError } from "../src/onnx-tensor.ts";
import { encodeData, RawDataError, type RawData } from "../src/raw-data.ts";
import { score } from "../src/score.ts";
import { fitTargetEncoding } from "../src/target-encoding.ts";
import { thrown } from "./thrown.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Class 1 where the first feature, which is around 1,000, is larger than the second, which is around 0. */
const points = Array.from({ length: 200 }, (_, i) => [1000 + 10 * Math.sin(i), 10 * Math.sin(3 * i + 1)]);
const labelOf = ([x, y]: readonly number[]): number => (x! - 1000 > y! ? 1 : 0);
const raw: RawData = {
  ...{ rows: points, labels: Uint16Array.from(points, labelOf), classes: 2, classNames: null, image: null },
};
const layer = { inputs: 2, outputs: 2, weights: [0, 0, 1, -1], biases: [0, -1000], activation: "none" } as const;
const trained = { network: createFloatNetwork([layer]), notes: ["Softmax was dropped."], classNames: null };

describe("import of a classifier", () => {
  it("makes an encoding from the rows, and sets the float accuracy beside the quantised one", () => {
    const imported = importClassifier(trained, raw, { encoding: null });
    expect(imported.encoding).to.deep.equal(fitEncoding(points, 8));
    expect(imported.before).to.include({ rows: 200, right: 200 });
    expect(imported.after).to.deep.equal(score(imported.network, encodeData(raw, imported.encoding)));
    expect(imported.after.accuracy).to.be.greaterThan(0.9);
    expect(imported.after.interval[0]).to.be.lessThan(imported.after.accuracy);
    expect(imported.network.shape).to.include({ inputBits: 8, weightBits: 8 });
    expect(imported.notes).to.deep.equal(trained.notes);
  });

  it("takes the encoding that is given, and the bits of weights and inputs", () => {
    const encoding = fitEncoding(points.slice(0, 50), 4);
    const given = importClassifier(trained, raw, { encoding, weightBits: 6, inputBits: 12 });
    expect(given.encoding).to.equal(encoding);
    expect(given.network.shape).to.include({ inputBits: 4, weightBits: 6 });
    expect(importClassifier(trained, raw, { encoding: null, inputBits: 12 }).network.shape.inputBits).to.equal(12);
  });

  it("undoes the normalisation that the model was trained with", () => {
    const normalised = createFloatNetwork([{ ...layer, weights: [0, 0, 5, -5], biases: [0, 0] }]);
    const options = { encoding: null, mean: [1000, 0], deviation: [5, 5] };
    expect(importClassifier({ ...trained, network: normalised }, raw, options).before.right).to.equal(200);
    expect(importClassifier({ ...trained, network: normalised }, raw, { encoding: null }).before.right).to.be.lessThan(
      200,
    );
  });

  it("pools images, and nothing else", () => {
    const rows = Array.from({ length: 40 }, (_, i) => [i % 2 ? 200 : 10, 0, 0, i % 2 ? 255 : 0]);
    const image = { height: 2, width: 2 };
    const pictures = { ...raw, rows, labels: Uint16Array.from(rows, (_, i) => i % 2), image };
    const one = { inputs: 1, outputs: 2, weights: [0, 1], biases: [0, -50], activation: "none" } as const;
    const network = createFloatNetwork([one]);
    const pooled = importClassifier({ ...trained, network }, pictures, { encoding: null, pool: true });
    expect(pooled.encoding).to.deep.equal(imageEncoding(2, 2, { pool: true }));
    expect(pooled.before.right).to.equal(40);
    expect(pooled.after.right).to.equal(40);
    const error = thrown(() => importClassifier(trained, raw, { encoding: null, pool: true }));
    expect(error).to.be.instanceOf(ModelImportError).with.property("fault", "pooling");
  });

  it("refuses rows of another number of classes", () => {
    const error = thrown(() => importClassifier(trained, { ...raw, classes: 3 }, { encoding: null }));
    expect(error).to.be.instanceOf(ModelImportError).with.property("fault", "classes");
    expect(error).to.have.property("outputs", 2);
  });

  it("keeps the model's own classes, in its order", () => {
    const named = { classNames: ["no", "yes"] };
    expect(classesOf(named, undefined)).to.deep.equal(["no", "yes"]);
    expect(classesOf(named, ["no", "yes"])).to.deep.equal(["no", "yes"]);
    expect(classesOf({ classNames: null }, ["a", "b"])).to.deep.equal(["a", "b"]);
    expect(classesOf({ classNames: null }, undefined)).to.equal(undefined);
    expect(thrown(() => classesOf(named, ["yes", "no"]))).to.have.property("fault", "class names");
  });
});

describe("import of a regression", () => {
  const targets = Float64Array.from(points, ([x, y]) => 3 * (x! - 1000) - y!);
  const network = createFloatNetwork([
    { inputs: 2, outputs: 1, weights: [3, -1], biases: [-3000], activation: "none" },
  ]);
  const rows = points.map((row) => Float64Array.from(row));

  it("has errors in units of the targets, float beside quantised", () => {
    const imported = importRegression(
      { ...trained, network },
      { rows, targets },
      { encoding: null, inputBits: 12, targetBits: 10 },
    );
    expect(imported.encoding.target).to.deep.equal(fitTargetEncoding(targets, 10));
    expect(imported.before.rmse).to.be.lessThan(1e-9);
    expect(imported.after.rmse).to.be.greaterThan(0).and.lessThan(1);
    expect(imported).to.deep.include({ clipped: 0 });
    expect(imported.network.shape.weightBits).to.equal(16);
  });

  it("counts targets beyond the digits of the encoding that is given", () => {
    const target = fitTargetEncoding(
      targets.map((value) => value / 4),
      8,
    );
    const encoding = { ...fitEncoding(rows, 8), target };
    expect(importRegression({ ...trained, network }, { rows, targets }, { encoding }).clipped).to.be.greaterThan(0);
  });

  it("refuses a classifier, and an encoding without targets", () => {
    const error = thrown(() => importRegression(trained, { rows, targets }, { encoding: null }));
    expect(error).to.be.instanceOf(ModelImportError).with.property("fault", "outputs");
    const classes = { encoding: fitEncoding(rows, 8) };
    expect(thrown(() => importRegression({ ...trained, network }, { rows, targets }, classes))).to.be.instanceOf(
      RawDataError,
    );
  });
});

describe("file of a trained network", () => {
  it("is a float network in JSON, or an ONNX model, whose name stands in errors", () => {
    const layers = [
      {
        activation: "none",
        weights: [
          [1, 2],
          [3, 4],
        ],
        biases: [5, 6],
      },
    ];
    const bytes = bytesOf(JSON.stringify({ format: "zkcmp-float-network", version: 1, layers }));
    const { network: read } = parseModel({ name: "model.json", bytes });
    expect([...floatOutputs(read, [1, 1])]).to.deep.equal([8, 13]);
    const error = thrown(() => parseModel({ name: "model.onnx", bytes }));
    expect(error).to.be.instanceOf(OnnxError);
    expect(error.message).to.match(/^model\.onnx: /);
  });
});
