import { reduce, toFieldElement } from "@zkcmp/field/element";
import { commitModel } from "@zkcmp/sale/model-commitment";
import { roundBounds } from "@zkcmp/shapley/bounds";
import { parseRoundShape } from "@zkcmp/shapley/round-shape";
import { modelOf } from "@zkcmp/shapley/trained-model";
import { expect } from "chai";
import fc from "fast-check";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { expectEachPinned, templateSignals } from "./pinned-signals.ts";

/** 20 parameters in two words; 5 coefficients take 3 bits. */
const SHAPE = parseRoundShape({
  providers: 1,
  rows: 1,
  features: 4,
  outputs: 4,
  dataBits: 8,
  fractionBits: 24,
  integerBits: 6,
  validationRows: 0,
});
const { coefficientBits, droppedBits, biasDroppedBits } = roundBounds(SHAPE);
const HALF_WEIGHT = 2n ** BigInt(droppedBits - 1);
const EDGE = 2n ** BigInt(coefficientBits - 1);
const salt = toFieldElement(99n);

// The circuit promises a proof for all data, where |theta| <= 2^(f+g-2) + 1.
const coefficient = fc.bigInt({ min: -(EDGE / 2n) - 1n, max: EDGE / 2n + 1n });
const thetas = fc.array(fc.array(coefficient, { minLength: 4, maxLength: 4 }), { minLength: 5, maxLength: 5 });

const zeros = (): bigint[][] => Array.from({ length: 5 }, () => [0n, 0n, 0n, 0n]);

describe("TrainedModel", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;
  let honest: Assignment;

  before(async () => {
    const call = `TrainedModel(4, 4, ${coefficientBits}, ${biasDroppedBits})`;
    circuit = await CircuitUnderTest.compile("shapley/trained-model.circom", call);
    const theta = Array.from({ length: 5 }, (_, a) => [1, 2, 3, 4].map((c) => BigInt(7919 * (a + 1) * c - 90000)));
    honest = await circuit.calculate({ theta: theta.map((row) => row.map(reduce)), salt });
  });

  const commitmentOf = (theta: readonly (readonly bigint[])[]) => commitModel(modelOf(SHAPE, theta), salt);

  it("commits to the rounded network as a sale does", async () => {
    const agrees = async (theta: bigint[][]) => {
      const witness = await circuit.calculate({ theta: theta.map((row) => row.map(reduce)), salt });
      circuit.expectAccepted(witness);
      expect(circuit.get(witness, "commitment")).to.equal(commitmentOf(theta));
    };
    await fc.assert(fc.asyncProperty(thetas, agrees), { numRuns: 6 });
    // Where the rounding changes: half a weight, and half a weight less a unit.
    for (const value of [HALF_WEIGHT, HALF_WEIGHT - 1n, -HALF_WEIGHT, -HALF_WEIGHT - 1n, EDGE / 2n, -EDGE / 2n]) {
      await agrees(zeros().map((row) => row.map(() => value)));
    }
  });

  it("refuses any other digit, bias, word or commitment", () => {
    const signals = templateSignals(circuit);
    expect(signals).to.include.members(["digit[0]", "digit[19]", "bias[3].in", "range[0][0].in", "sponge.message[2]"]);
    expectEachPinned(circuit, honest, signals);
  });

  it("takes coefficients to half a weight below the edges and refuses those beside", () => {
    const [low, high] = [-EDGE - HALF_WEIGHT, EDGE - HALF_WEIGHT - 1n];
    const single = (value: bigint) => {
      // In the intercept's row and output 2, where it enters no weight.
      const theta = zeros();
      theta[0]![2] = reduce(value);
      return circuit.forge(honest, { theta });
    };
    for (const value of [low, high]) circuit.expectAccepted(single(value));
    for (const value of [low - 1n, high + 1n]) circuit.expectRejected(single(value), "range[2][0].in");
  });

  it("refuses a weight that is off by one", () => {
    // The remainder takes what the quotient loses, 2^q.
    const bit = (place: number) => `range[1][2].out[${place}]`;
    const change = circuit.get(honest, bit(droppedBits)) === 1n ? -1n : 1n;
    const witness = circuit.forge(honest, {
      [bit(droppedBits)]: circuit.get(honest, bit(droppedBits)) + change,
      [bit(droppedBits - 1)]: circuit.get(honest, bit(droppedBits - 1)) - 2n * change,
    });
    expect(circuit.get(witness, "digit[5]")).to.not.equal(circuit.get(honest, "digit[5]"));
    circuit.expectRejected(witness, "range[1][2].out");
  });

  it("refuses a bias that does not fit 16 bits", () => {
    const top = 2n ** BigInt(coefficientBits + biasDroppedBits);
    circuit.expectRejected(circuit.forge(honest, { "bias[0].in": top }), "bias[0].in");
  });
});
