import { readFile } from "node:fs/promises";
import { testSetToJson } from "@zkcmp/network/testset";
import { encodeBundle } from "@zkcmp/sale/bundle";
import { fromHex, toHex } from "@zkcmp/sale/hex";
import { expect } from "chai";
import { CHROMIUM, NO_CHROMIUM, type OpenProgram, openProgram } from "../../../field/test/browser/chromium.ts";
import type { FixtureDeal } from "../../../sale/test/fixture.ts";
import { endCurve } from "../../src/curve.ts";
import { contributedSaleKey, provenSale } from "../proven-sale.ts";
import { removeFolder, temporaryFolder } from "../toy.ts";
import type { SaleInput, SaleOutput } from "./sale-program.ts";

describe("a sale's Groth16 proof in a browser", function () {
  this.timeout(300_000);
  if (CHROMIUM === null) return void it.skip(NO_CHROMIUM);
  let program: OpenProgram<SaleInput, SaleOutput>;
  let folder: string;
  let deal: FixtureDeal;
  let input: SaleInput;
  before(async () => {
    program = await openProgram(new URL("./sale-program.ts", import.meta.url), false);
    folder = await temporaryFolder();
    const key = await contributedSaleKey(folder);
    deal = await provenSale(key, 11155111);
    input = {
      bundle: encodeBundle(deal.bundle),
      testSet: testSetToJson(deal.testSet),
      testSetSalt: deal.testSetSalt,
      buyerPrivateKey: deal.buyerKeys.privateKey,
      store: await readFile(key.trustStore, "utf8"),
    };
  });
  after(async () => {
    await endCurve();
    await program.close();
    await removeFolder(folder);
  });

  // The pages of openProgram allow no eval and no workers made of text.
  for (const isolated of [true, false]) {
    const surroundings = { isolated, inWorker: true };
    it(`is verified in a worker with the whole bundle that Node made, ${isolated ? "with" : "without"} shared memory`, async () => {
      const { checked, unchecked } = await program.run(input, surroundings);
      expect(unchecked).to.deep.equal([]);
      expect(checked.at(-1)).to.match(/^proven: .* at least 20 of the 24 rows/);
    });
  }

  it("is refused with one bit of its challenge changed, and where nobody has verified its key", async () => {
    const surroundings = { isolated: true, inWorker: true };
    const proof = fromHex(deal.bundle.proof);
    proof[31]! ^= 1;
    const bundle = encodeBundle({ ...deal.bundle, proof: toHex(proof) });
    const refused = (changes: Partial<SaleInput>): Promise<unknown> =>
      program.run({ ...input, ...changes }, surroundings).catch(String);
    expect(await refused({ bundle })).to.match(/does not hold for this statement/);
    expect(await refused({ store: null })).to.match(/has not been verified on this computer/);
  });
});
