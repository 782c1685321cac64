import { reduce } from "@zkcmp/field/element";
import { gramOf } from "@zkcmp/shapley/gram";
import { parseRoundShape } from "@zkcmp/shapley/round-shape";
import { utilityOf } from "@zkcmp/shapley/utility";
import { expect } from "chai";
import fc from "fast-check";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { expectEachPinned, templateSignals } from "./pinned-signals.ts";
import { samplesOf } from "./round-arbitrary.ts";
import { upperTriangle } from "./round-example.ts";

const SHAPE = parseRoundShape({
  providers: 1,
  rows: 1,
  features: 2,
  outputs: 2,
  dataBits: 16,
  fractionBits: 24,
  integerBits: 6,
  validationRows: 4,
});
const BITS = SHAPE.fractionBits + SHAPE.integerBits;
const coefficient = fc.bigInt({ min: -(2n ** BigInt(BITS - 1)), max: 2n ** BigInt(BITS - 1) - 1n });
const thetas = fc.array(fc.array(coefficient, { minLength: 2, maxLength: 2 }), { minLength: 3, maxLength: 3 });

describe("Utility", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;

  before(async () => {
    circuit = await CircuitUnderTest.compile("shapley/coalition.circom", `Utility(3, 2, ${SHAPE.fractionBits})`);
  });

  const witnessOf = ({ features, targets }: ReturnType<typeof gramOf>, theta: bigint[][]): Promise<Assignment> =>
    circuit.calculate({
      gram: upperTriangle(features).map(reduce),
      targets: targets.map((row) => row.map(reduce)),
      theta: theta.map((row) => row.map(reduce)),
    });

  it("gives the drop of the squared error, also where a model is worse than none", async () => {
    await fc.assert(
      fc.asyncProperty(samplesOf(SHAPE, 0, 4), thetas, async (rows, theta) => {
        const gram = gramOf(SHAPE, rows);
        const witness = await witnessOf(gram, theta);
        circuit.expectAccepted(witness);
        expect(circuit.get(witness, "utility")).to.equal(reduce(utilityOf(gram, theta, SHAPE.fractionBits)));
      }),
      { numRuns: 15 },
    );
  });

  it("refuses any other utility or product", async () => {
    const [rows, theta] = fc.sample(fc.tuple(samplesOf(SHAPE, 4, 4), thetas), { numRuns: 1, seed: 5 })[0]!;
    const honest = await witnessOf(gramOf(SHAPE, rows), theta);
    expectEachPinned(circuit, honest, templateSignals(circuit));
  });
});
