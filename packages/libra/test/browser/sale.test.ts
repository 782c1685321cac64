import { fromHex, toHex } from "@zkcmp/sale/hex";
import { expect } from "chai";
import { CHROMIUM, NO_CHROMIUM, type OpenProgram, openProgram } from "../../../field/test/browser/chromium.ts";
import { createDeal, type FixtureDeal, networkOf, testSetFor } from "../../../sale/test/fixture.ts";
import { createLibra } from "../../src/proof-system.ts";
import { type SaleInput, saleInput, type SaleOutput } from "./sale-program.ts";

describe("a sale in a browser", function () {
  this.timeout(60_000);
  if (CHROMIUM === null) return void it.skip(NO_CHROMIUM);
  let program: OpenProgram<SaleInput, SaleOutput>;
  let deal: FixtureDeal;
  before(async () => {
    program = await openProgram(new URL("./sale-program.ts", import.meta.url));
    const network = networkOf();
    const testSet = testSetFor(network, 5, 3);
    deal = await createDeal({ network, testSet, order: { threshold: 3 }, proofSystem: createLibra({ threads: 1 }) });
  });
  after(() => program.close());

  for (const isolated of [true, false]) {
    describe(isolated ? "with shared memory" : "without shared memory", () => {
      const surroundings = { isolated, inWorker: true };

      it("verifies a proof that was made in Node, and refuses it with one byte changed", async () => {
        const { buyer } = saleInput(deal);
        const { refused, unchecked } = await program.run({ buyer, runs: 1 }, surroundings);
        expect(refused).to.equal(null);
        expect(unchecked).to.deep.equal([]);

        // The last byte belongs to a field element, which stays one.
        const proof = fromHex(deal.bundle.proof);
        proof[proof.length - 1]! ^= 1;
        const changed = saleInput({ ...deal, bundle: { ...deal.bundle, proof: toHex(proof) } }).buyer;
        const answer = await program.run({ buyer: changed, runs: 1 }, surroundings);
        expect(answer.refused).to.be.a("string");
      });

      it("proves", async () => {
        const { refused, prove } = await program.run(saleInput(deal), surroundings);
        expect(refused).to.equal(null);
        expect(prove).to.be.greaterThan(0);
      });
    });
  }
});
