import { createKernels } from "@zkcmp/field/kernels/create-kernels";
import type { Kernels } from "@zkcmp/field/kernels/kernels";
import { reduce } from "@zkcmp/field/element";
import { saleCircuit } from "@zkcmp/groth16/sale-circuit";
import { saleCircuitInput } from "@zkcmp/groth16/sale-witness";
import { coreDigest } from "@zkcmp/sale/core";
import { expect } from "chai";
import fc from "fast-check";
import {
  networksOf,
  regressionFixture,
  regressionShapes,
  rightRows,
  saleFixture,
  type SaleFixture,
  saleShapes,
  targetSetsFor,
  testSetsFor,
} from "../../packages/groth16/test/sale-fixture.ts";
import { type Forgery, runPlainSale } from "../../packages/libra/test/sale/plain-sale.ts";
import { leastErrorBound, withThreshold } from "../../packages/sale/test/fixture.ts";

/*
 * The two proof systems have one statement: what the circuits of Groth16 take as a witness, Libra's prover convinces its verifier
 * of, and what the one refuses the other refuses with the same error. Libra's messages are in the clear here.
 */
const seed = Number(process.env.ZKCMP_DIFFERENTIAL_SEED ?? 8);
const numRuns = 10;

describe("libra and groth16", function () {
  this.timeout(120_000);
  let kernels: Kernels;
  before(async () => {
    kernels = await createKernels({ threads: 1 });
  });
  after(() => kernels.dispose());

  const SALT = fc.constantFrom(undefined, reduce(77n));

  function outcome(accepts: () => void): string {
    try {
      accepts();
      return "accepted";
    } catch (error) {
      return (error as Error).name;
    }
  }

  function libraOf(sale: SaleFixture, forge?: (forgery: Forgery) => void): string {
    return outcome(() => {
      const { violated, inStep } = runPlainSale(kernels, sale, forge);
      if (violated.length > 0) throw Object.assign(new Error(violated.join()), { name: "violated" });
      expect(inStep).to.be.true;
    });
  }

  it("take the same networks, rows and thresholds", async () => {
    const sales = saleShapes
      .chain((shape) => networksOf(shape))
      .chain((network) =>
        fc.integer({ min: 1, max: 9 }).chain((rows) =>
          fc.record({
            network: fc.constant(network),
            testSet: testSetsFor(network, rows),
            threshold: fc.integer({ min: 1, max: rows }),
            modelSalt: SALT,
          }),
        ),
      );
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(sales, async ({ network, testSet, threshold, modelSalt }) => {
        const right = rightRows(network, testSet);
        const sale = await saleFixture(network, testSet, threshold, modelSalt);
        const circuit = saleCircuit(network.shape, testSet.rows.length, { committed: modelSalt !== undefined });
        const groth16 = outcome(() => saleCircuitInput(circuit, sale.statement, sale.witness));
        expect(groth16).to.equal(right >= threshold ? "accepted" : "ThresholdError");
        expect(libraOf(sale)).to.equal(groth16);
        seen.add(groth16);
        // A prover who does not care finds a verifier who does.
        const honest = { ...sale, statement: withThreshold(sale.statement, right) };
        const lies = libraOf(honest, ({ data }) => Object.assign(data.judged, { threshold: right + 1 }));
        expect(lies).to.equal("violated");
      }),
      { numRuns, seed },
    );
    expect([...seen].sort()).to.deep.equal(["ThresholdError", "accepted"]);
  });

  it("take the same squared errors", async () => {
    const sales = regressionShapes
      .chain(({ shape, reading, classes }) => networksOf(shape, reading).map((network) => ({ network, classes })))
      .chain(({ network, classes }) =>
        fc.record({
          network: fc.constant(network),
          testSet: fc.integer({ min: 1, max: 6 }).chain((rows) => targetSetsFor(network, rows, classes)),
          shortBy: fc.bigInt({ min: 0n, max: 1n }),
          modelSalt: SALT,
        }),
      );
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(sales, async ({ network, testSet, shortBy, modelSalt }) => {
        const errorBound = leastErrorBound(network, network.reading!, testSet) - shortBy;
        // An order has 8 bytes for it.
        fc.pre(errorBound >= 0n && errorBound < 1n << 64n);
        const fixture = await regressionFixture(network, testSet, { errorBound, modelSalt });
        const { core } = fixture.statement;
        const sale = { ...fixture, statement: { ...fixture.statement, coreDigest: coreDigest(core) } };
        const variant = { predicate: "squared-error", committed: modelSalt !== undefined } as const;
        const circuit = saleCircuit(network.shape, testSet.rows.length, variant);
        const groth16 = outcome(() => saleCircuitInput(circuit, sale.statement, sale.witness));
        expect(groth16).to.equal(shortBy === 0n ? "accepted" : "ErrorBoundError");
        expect(libraOf(sale)).to.equal(groth16);
        seen.add(groth16);
      }),
      { numRuns, seed },
    );
    expect([...seen].sort()).to.deep.equal(["ErrorBoundError", "accepted"]);
  });
});
