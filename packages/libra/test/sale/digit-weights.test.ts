import { FIELD_ORDER, type FieldElement, reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { parametersInSealingOrder } from "@zkcmp/network/network";
import type { NetworkShape } from "@zkcmp/network/shape";
import { expect } from "chai";
import fc from "fast-check";
import { networkOf } from "../../../sale/test/fixture.ts";
import { equalityVector, innerProduct } from "../../src/multilinear.ts";
import { digitMatrix, digitOffset, digitWeights } from "../../src/sale/digit-weights.ts";
import { saleSystem } from "../../src/sale/sale-system.ts";
import { variablesOf } from "../../src/table.ts";
import { dense } from "./shapes.ts";

const element = fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }).map((value) => value as FieldElement);

describe("weights of digits", () => {
  const kernels = createReferenceKernels();
  const shapes: readonly NetworkShape[] = [
    { inputBits: 1, weightBits: 8, layers: [dense(1, 1, "none")] },
    { inputBits: 4, weightBits: 7, layers: [dense(9, 6, "relu"), dense(6, 5, "none")] },
    { inputBits: 4, weightBits: 16, layers: [dense(5, 3, "square"), dense(3, 4, "relu"), dense(4, 2, "none")] },
  ];

  for (const shape of shapes) {
    it(`sum all claims about ${shape.layers.length} layers of ${shape.weightBits}-bit weights up`, () => {
      const system = saleSystem({ shape, rows: 1, predicate: "accuracy", committed: false });
      const network = networkOf(shape);
      const point = (variables: number) => fc.array(element, { minLength: variables, maxLength: variables });
      const drawn = fc.tuple(
        ...shape.layers.map(({ inputs, outputs }) =>
          fc.record({
            rowPoint: point(variablesOf(outputs)),
            columnPoint: point(variablesOf(inputs)),
            weightsFactor: element,
            biasesFactor: element,
          }),
        ),
      );
      fc.assert(
        fc.property(drawn, (points) => {
          const claims = points.reduce((sum, { rowPoint, columnPoint, weightsFactor, biasesFactor }, layer) => {
            const { inputs } = shape.layers[layer]!;
            const { weights, biases } = network.layers[layer]!;
            const ofRows = equalityVector(rowPoint);
            const ofColumns = equalityVector(columnPoint);
            let own = 0n;
            weights.forEach((weight, i) => {
              const product = ofRows[Math.floor(i / inputs)]! * ofColumns[i % inputs]!;
              own += weightsFactor * reduce(product) * BigInt(weight);
            });
            biases.forEach((bias, j) => (own += biasesFactor * ofRows[j]! * BigInt(bias)));
            return sum + own;
          }, 0n);
          const { columns } = digitMatrix(system.words);
          const digits = new Array<FieldElement>(system.words.words * columns).fill(reduce(0n));
          parametersInSealingOrder(network).forEach((parameter, i) => {
            const { digitsPerWord, digitBits } = system.words;
            const place = Math.floor(i / digitsPerWord) * columns + (i % digitsPerWord);
            digits[place] = reduce(BigInt(parameter) + (1n << BigInt(digitBits - 1)));
          });
          const weights = kernels.scope(() => kernels.toField(digitWeights(kernels, system, points)));
          expect(reduce(innerProduct(weights, digits) - digitOffset(system, points))).to.equal(reduce(claims));
        }),
        { numRuns: 10 },
      );
    });
  }

  it("are the same where they are made in several blocks", () => {
    const [inputs, outputs] = [300, 130];
    const shape: NetworkShape = { inputBits: 1, weightBits: 8, layers: [dense(inputs, outputs, "none")] };
    const system = saleSystem({ shape, rows: 1, predicate: "accuracy", committed: false });
    const coordinates = (first: number, count: number) =>
      Array.from({ length: count }, (_, i) => reduce(BigInt(first + i)));
    const rowPoint = coordinates(3, variablesOf(outputs));
    const columnPoint = coordinates(100, variablesOf(inputs));
    const [weightsFactor, biasesFactor] = [reduce(7n), reduce(11n)];
    const weights = kernels.scope(() =>
      kernels.toField(digitWeights(kernels, system, [{ rowPoint, columnPoint, weightsFactor, biasesFactor }])),
    );
    const [ofRows, ofColumns] = [equalityVector(rowPoint), equalityVector(columnPoint)];
    const { digitsPerWord } = system.words;
    const { columns } = digitMatrix(system.words);
    const parameters = (inputs + 1) * outputs;
    expect(weights.length).to.be.above(2 * 2 ** 14);
    for (let place = 0; place < weights.length; place += place % 977 === 0 ? 1 : 31) {
      const digit = place % columns;
      const parameter = Math.floor(place / columns) * digitsPerWord + digit;
      let expected = 0n;
      if (digit < digitsPerWord && parameter < parameters) {
        expected =
          parameter < inputs * outputs
            ? weightsFactor * ofRows[Math.floor(parameter / inputs)]! * ofColumns[parameter % inputs]!
            : biasesFactor * ofRows[parameter - inputs * outputs]!;
      }
      expect(weights[place]).to.equal(reduce(expected));
    }
  });

  it("take a digit for the sum of its bits", () => {
    const system = saleSystem({ shape: shapes[1]!, rows: 1, predicate: "accuracy", committed: false });
    const matrix = digitMatrix(system.words);
    const point = Array.from({ length: variablesOf(matrix.columns) }, (_, i) => reduce(BigInt(i + 3)));
    const weights = matrix.slotWeights!(point);
    if (weights.kind !== "vector") throw new Error("not a vector");
    const ofDigits = equalityVector(point);
    weights.values.forEach((weight, slot) => {
      const digit = Math.floor(slot / 7);
      expect(weight).to.equal(digit < 36 ? reduce(ofDigits[digit]! << BigInt(slot % 7)) : 0n);
    });
  });
});
