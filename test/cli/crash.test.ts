import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ProofSystemId } from "@zkcmp/sale/core";
import { expect } from "chai";
import { type Command, killEverywhere as killCommandEverywhere } from "./kill-everywhere.ts";
import { Market } from "./market.ts";

interface KilledSale {
  readonly proofSystem: ProofSystemId;
  /** What the seller names; libra needs no naming. */
  readonly named: string;
  /** Which commands are killed; the others run once. */
  readonly killed: RegExp;
}

const SALES: readonly KilledSale[] = [
  { proofSystem: "libra", named: "", killed: /^/ },
  // All else knows nothing of how it is proven.
  { proofSystem: "groth16", named: " --proof-system groth16", killed: /^(seal|prove|verify|fund) / },
];

/**
 * Every command of a sale is killed before each of its writes, of which the mining of a transaction is one, and run again
 * as it was. The sale then goes on from the state that was hurt last, so that at the end all of it was broken and mended.
 */
for (const { proofSystem, named, killed } of SALES)
  describe(`zkcmp: killed before every write, proven with ${proofSystem}`, function () {
    this.timeout(240_000);

    const markets: Market[] = [];
    let market: Market;
    let dealId: string;
    let beforeProving: Market;

    before(async () => {
      market = await Market.open();
      markets.push(market);
    });

    after(async () => {
      await Promise.all(markets.map(async (each) => each.close()));
    });

    /** Kills and mends the command; where it is not to be killed, runs it in `from` itself. */
    async function killEverywhere(
      from: Market,
      command: string,
      transactions: number,
    ): Promise<{ hurt: Market; results: Record<string, unknown>[] }> {
      if (!killed.test(command)) return { hurt: from, results: [await from.json(command)] };
      const tried: Command<Market> = {
        words: command,
        run: (copy, environment) => copy.run(command, environment),
        again: (copy) => copy.json(command),
      };
      return killCommandEverywhere(from, tried, transactions, (copy) => markets.push(copy));
    }

    async function step(command: string, transactions = 0): Promise<Record<string, unknown>[]> {
      const { hurt, results } = await killEverywhere(market, command, transactions);
      market = hurt;
      return results;
    }

    it("order create", async () => {
      await step(
        "order create large-test.csv --encoding encoding.json --threshold 40 --sampled-rows 24 --price 0.5 --out order.json --account 1",
      );
    });

    it("seal", async () => {
      await step(`seal order.json network.json --minimum-rows 24${named}`);
    });

    it("offer: the same deal every time", async () => {
      const results = await step("offer order.json --account 0 --yes", 1);
      expect(new Set(results.map((result) => result.dealId)).size).to.equal(1);
      dealId = results[0]!.dealId as string;
    });

    it("cancel", async () => {
      const other = await market.copy();
      markets.push(other);
      const { hurt } = await killEverywhere(other, "cancel order.json --account 0 --yes", 1);
      expect(await hurt.state("order.json")).to.equal("cancelled");
    });

    it("order reveal", async () => {
      await step(`order reveal order.json --deal ${dealId} --out reveal.json --yes`);
    });

    it("sample commit", async () => {
      await step("sample commit order.json --reveal reveal.json --out root.json --account 0");
    });

    it("sample open", async () => {
      await step("sample open order.json --root root.json --out nonce.json");
      beforeProving = market;
    });

    it("prove", async () => {
      await step("prove order.json --nonce nonce.json --out bundle.json");
    });

    it("verify", async () => {
      await step("verify bundle.json");
    });

    it("fund", async () => {
      await step("fund bundle.json --account 1 --yes", 1);
    });

    it("refund", async () => {
      const waiting = await market.copy();
      markets.push(waiting);
      await waiting.json("development advance-time 24h");
      const { hurt } = await killEverywhere(waiting, "refund order.json --account 1 --yes", 1);
      expect(await hurt.state("order.json")).to.equal("refunded");
    });

    it("redeem: paid once, and no secret was printed before", async () => {
      for (const secret of await beforeProving.sealSecrets()) {
        for (const { printed } of markets) expect(printed).to.not.contain(secret.slice(2));
      }
      const results = await step("redeem order.json --account 0 --yes", 1);
      for (const { paid } of results) expect(paid).to.equal("paid");
      expect(await market.state("order.json")).to.equal("redeemed");
    });

    it("unseal: the buyer has the very network", async () => {
      await step("unseal order.json --out bought.json");
      const read = async (name: string): Promise<string> => readFile(join(market.folder, name), "utf8");
      expect(await read("bought.json")).to.equal(await read("network.json"));
    });
  });
