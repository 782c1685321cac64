import { isRight, outputs } from "@zkcmp/network/inference";
import { NetworkError } from "@zkcmp/network/network";
import { expect } from "chai";
import fc from "fast-check";
import { roundBounds } from "../src/bounds.ts";
import { gramOf } from "../src/gram.ts";
import { solveRidge } from "../src/ridge.ts";
import { modelOf, outputUnit, trainedShape } from "../src/trained-model.ts";
import { encodeTable, fitSampleEncoding, targetScale, testSetOf, unequalPriors } from "../src/sample-encoding.ts";
import { parseSampleTable } from "../src/sample-table.ts";
import { generator, rounds, shapeOf } from "./arbitrary.ts";

describe("trained model", () => {
  it("has the shape of one linear layer on the feature digits", () => {
    const shape = shapeOf({ features: 4, outputs: 3, dataBits: 12 });
    expect(trainedShape(shape)).to.deep.equal({
      inputBits: 12,
      weightBits: 16,
      layers: [{ inputs: 4, outputs: 3, activation: "none", shift: 0, biasShift: 12 - 1 + 3 }],
    });
  });

  it("rounds coefficients as the circuit does, and takes X off the intercept", () => {
    // f + g = 42, so 26 bits are dropped, and one more of the bias
    const shape = shapeOf();
    const step = 1n << 26n;
    const network = modelOf(shape, [[7n * step], [3n * step + step / 2n]]);
    expect([...network.layers[0]!.weights]).to.deep.equal([4]);
    expect([...network.layers[0]!.biases]).to.deep.equal([2]);
    const below = modelOf(shape, [[-7n * step], [-3n * step - step / 2n]]);
    expect([...below.layers[0]!.weights]).to.deep.equal([-3]);
    expect([...below.layers[0]!.biases]).to.deep.equal([-2]);
  });

  it("refuses coefficients outside of their bits", () => {
    const shape = shapeOf();
    const { coefficientBits } = roundBounds(shape);
    expect(() => modelOf(shape, [[0n], [1n << BigInt(coefficientBits - 1)]])).to.throw(NetworkError);
  });

  it("predicts as the coefficients do, up to the rounding of 16 bits", () => {
    fc.assert(
      fc.property(rounds(), ({ shape, input }) => {
        const gram = gramOf(shape, { rows: input.providers.flatMap(({ samples }) => samples.rows) });
        const theta = solveRidge(gram, input.ridgeBits, shape.fractionBits);
        const network = modelOf(shape, theta);
        const X = 2 ** (shape.dataBits - 1);
        const d = shape.features + 1;
        for (const row of input.validation.samples.rows) {
          const features = row.subarray(0, shape.features);
          const predicted = outputs(network, features);
          for (let c = 0; c < shape.outputs; c++) {
            const real = [X, ...[...features].map((digit) => digit - X)].reduce(
              (sum, x, j) => sum + (x * Number(theta[j]![c]!)) / 2 ** shape.fractionBits,
              0,
            );
            // Half a unit of each weight, and half a unit of the bias in steps of 2^ceil(log2 d).
            const rounding = (X * (shape.features + 2 ** Math.ceil(Math.log2(d)))) / 2;
            expect(Number(predicted[c]!)).to.be.closeTo(real * outputUnit(shape), rounding + 1);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it("of a regression says how its output reads as a target digit; a classifier's does not", () => {
    const shape = shapeOf({ integerBits: 6 });
    const network = modelOf(shape, [[0n], [0n]], 4);
    expect(network.reading).to.deep.equal({ multiplier: 1024, offset: 32768 });
    expect(network.scales).to.deep.equal([1 / 4096]);
    const classes = shapeOf({ outputs: 2 });
    const zero = [0n, 0n];
    expect(modelOf(classes, [zero, zero]).reading).to.equal(undefined);
  });

  it("of unequal classes favours the rare one until the priors are added back", () => {
    const random = generator(1);
    const line = () => {
      const isSick = random() < 0.1;
      return `${(4 * (random() + random() + random()) + (isSick ? 4 : 0)).toFixed(3)},${isSick ? "sick" : "well"}`;
    };
    const table = parseSampleTable(`x,kind\n${Array.from({ length: 400 }, line).join("\n")}\n`);
    const encoding = fitSampleEncoding(table, {
      dataBits: 16,
      features: ["x"],
      target: { kind: "classes", name: "kind" },
    });
    const shape = shapeOf({ providers: 1, rows: 400, outputs: 2 });
    const { samples } = encodeTable(encoding, table);
    const network = modelOf(shape, solveRidge(gramOf(shape, samples), 30, 36), targetScale(encoding));
    const { rows, labels } = testSetOf(encoding, samples);
    const share = (isGood: (z: readonly bigint[], label: number) => boolean) =>
      rows.filter((row, i) => isGood(outputs(network, row), labels[i]!)).length / rows.length;
    const { sick, well } = unequalPriors(encoding)!;
    const sold = share(isRight);
    const withPriors = share((z, label) => {
      const [a, b] = z.map((value, c) => Number(value) * network.scales[0]! + [sick!, well!][c]!);
      return (a! >= b! ? 0 : 1) === label;
    });
    // Always saying "well" is right as often as that class is.
    expect(sold).to.be.below(well! - 0.1);
    expect(withPriors).to.be.at.least(well! - 0.01);
  });
});
