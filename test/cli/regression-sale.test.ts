import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PROOF_SYSTEM_IDS } from "@zkcmp/sale/core";
import { expect } from "chai";
import { Market } from "./market.ts";
import { expectFailure } from "./program.ts";

const ROWS = 24;

/** Fuel use of made-up cars: falls with weight and power. */
function cars(rows: number, seed: number): string {
  let state = seed;
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const lines = Array.from({ length: rows }, () => {
    const [weight, power] = [1600 + 3000 * next(), 50 + 150 * next()];
    const target = 50 - 0.0075 * weight - 0.03 * power + 4 * (next() - 0.5);
    return [weight.toFixed(0), power.toFixed(0), target.toFixed(1)].join(",");
  });
  return `weight,power,mpg\n${lines.join("\n")}\n`;
}

const MODEL = {
  format: "zkcmp-float-network",
  version: 1,
  layers: [{ activation: "none", weights: [[-0.0075, -0.03]], biases: [50] }],
};

/** The salt of M, in the form in which `round prove` writes it. */
const SALT = { format: "zkcmp-model-salt", version: 1, salt: `0x${"00".repeat(31)}2a` };

for (const proofSystem of PROOF_SYSTEM_IDS)
  describe(`zkcmp: the sale of a regression with a model commitment, proven with ${proofSystem}`, function () {
    this.timeout(180_000);

    let market: Market;
    let dealId: string;
    let modelCommitment: string;

    before(async () => {
      market = await Market.open();
      await market.write("cars.csv", cars(200, 1));
      await market.write("new-cars.csv", cars(ROWS, 2));
      await market.write("regression.json", JSON.stringify(MODEL));
      await writeFile(join(market.folder, "salt.json"), JSON.stringify(SALT), { mode: 0o600 });
    });

    after(async () => market.close());

    it("imports the network and scores it in real units", async () => {
      const imported = await market.json(
        "network import regression.json --predicate squared-error --calibration cars.csv --out car-network.json --encoding-out cars.json",
      );
      const { float, quantised } = imported.rmse as { float: number; quantised: number };
      expect(float).to.be.within(1, 1.3);
      expect(quantised).to.be.within(0.95 * float, 1.1 * float);
      expect(imported.rows).to.deep.equal({ calibration: 200, clippedTargets: 0 });
      const score = await market.json("network score car-network.json new-cars.csv --encoding cars.json");
      expect(score.rmse).to.be.within(0.7, 1.6);
      expect(score.rSquared).to.be.greaterThan(0.9);
    });

    it("is ordered by a bound in real units, which stands in the order as an integer", async () => {
      const create = "order create new-cars.csv --encoding cars.json --price 0.5 --out order.json";
      expectFailure(await market.run(`${create} --predicate squared-error --threshold 20`), 2, "error bound");
      expectFailure(await market.run(`${create} --predicate squared-error --rmse 2 --sampled-rows 5`), 2, "all rows");
      expectFailure(await market.run(`${create} --rmse 2 --threshold 20`), 2, "threshold");
      const { order } = await market.buyer(`${create} --predicate squared-error --rmse 1.7`);
      const { scale } = (
        JSON.parse(await readFile(join(market.folder, "cars.json"), "utf8")) as { target: { scale: number } }
      ).target;
      expect(order).to.deep.include({
        predicate: "squared-error",
        threshold: 0,
        classes: 256,
        errorBound: String(Math.floor(ROWS * (1.7 * scale) ** 2)),
      });
    });

    it("is sealed with M and offered", async () => {
      const seal = `seal order.json car-network.json --minimum-rows ${ROWS} --model-salt salt.json --proof-system ${proofSystem}`;
      expectFailure(await market.run(`${seal} --advertised-rmse 2.5`), 4, "advertised");
      const sealed = await market.seller(`${seal} --advertised-rmse 1.7`);
      modelCommitment = sealed.modelCommitment as string;
      expect(modelCommitment).to.match(/^0x[0-9a-f]{64}$/);
      dealId = (await market.seller("offer order.json")).dealId as string;
    });

    it("is proven over all rows and verified; of M the buyer hears what is proven, and no round", async () => {
      await market.buyer(`order reveal order.json --deal ${dealId} --out reveal.json`);
      await market.seller("prove order.json --reveal reveal.json --out bundle.json");
      const verified = await market.json("verify bundle.json");
      expect(verified).to.include({
        complete: true,
        predicate: "squared-error",
        proofSystem,
        modelCommitment,
        origin: null,
      });
      expect((verified.checked as string[]).join()).to.contain(
        `proven: M = ${modelCommitment} commits to the sealed parameters`,
      );
      const run = await market.run("verify bundle.json");
      expect(run.stdout).to.contain("RMSE").and.to.not.contain("trained");
      const { deals } = (await market.json("status order.json")) as { deals: { modelCommitment: string }[] };
      expect(deals.map((deal) => deal.modelCommitment)).to.deep.equal([modelCommitment, modelCommitment]);
    });

    it("is funded, redeemed and unsealed: the buyer has the very network, which reads as before", async () => {
      await market.buyer("fund bundle.json");
      await market.seller("redeem order.json");
      const { kept } = await market.buyer("unseal order.json --out bought.json");
      expect(kept).to.equal(true);
      const bought = await readFile(join(market.folder, "bought.json"), "utf8");
      expect(bought).to.equal(await readFile(join(market.folder, "car-network.json"), "utf8"));
      expect(market.printed).to.not.contain(SALT.salt.slice(2));
    });

    it("is refused to a seller whose network is worse than the bound", async () => {
      await market.write("fresh-cars.csv", cars(ROWS, 3));
      await market.buyer(
        "order create fresh-cars.csv --encoding cars.json --price 0.5 --out strict.json --predicate squared-error --error-bound 3",
      );
      await market.seller(
        `seal strict.json car-network.json --minimum-rows ${ROWS} --model-salt salt.json --proof-system ${proofSystem}`,
      );
      const strict = (await market.seller("offer strict.json")).dealId as string;
      await market.buyer(`order reveal strict.json --deal ${strict} --out strict-reveal.json`);
      const run = await market.run(
        "prove strict.json --reveal strict-reveal.json --out strict-bundle.json --account 0 --yes",
      );
      expectFailure(run, 4, "more than the order's bound");
    });
  });
