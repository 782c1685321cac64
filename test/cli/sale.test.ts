import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { PROOF_SYSTEM_IDS } from "@zkcmp/sale/core";
import { expect } from "chai";
import { Market, PROVEN_ROWS, SAMPLED_FROM } from "./market.ts";
import { expectFailure } from "./program.ts";

/** Of a Groth16 proof and its challenge. */
const GROTH16_BYTES = 288;

for (const proofSystem of PROOF_SYSTEM_IDS)
  describe(`zkcmp: a whole sale proven with ${proofSystem}`, function () {
    this.timeout(180_000);

    let market: Market;
    let dealId: string;

    before(async () => {
      market = await Market.open();
    });

    after(async () => market.close());

    it("reports what quantisation costs when a network is imported", async () => {
      const { network, shape, accuracy, rows } = await market.json(
        "network import model.json --calibration train.csv --encoding encoding.json --out again.json",
      );
      expect(network).to.equal("again.json");
      expect(shape).to.match(/^4-4-2-relu/);
      expect(rows).to.include({ calibration: 200 });
      expect((accuracy as { quantised: number }).quantised).to.be.greaterThan(0.95);
      const imported = await readFile(join(market.folder, "again.json"), "utf8");
      expect(imported).to.equal(await readFile(join(market.folder, "network.json"), "utf8"));
      expect((await market.json("network score network.json test.csv --encoding encoding.json")).rows).to.equal(24);
    });

    it("is offered", async () => {
      // Libra is what a seller gets who names none.
      dealId = await market.offer("order.json", proofSystem === "libra" ? {} : { proofSystem });
      expect(dealId).to.match(/^0x[0-9a-f]{64}$/);
      expect(await market.state("order.json")).to.equal("offered");
    });

    it("reveals the test set to this deal alone", async () => {
      expectFailure(await market.run(`order reveal order.json --deal 0x01 --out reveal.json --yes`), 7, "no offer");
      await market.buyer(`order reveal order.json --deal ${dealId} --out reveal.json`);
      expect((await stat(join(market.folder, "reveal.json"))).mode & 0o777).to.equal(0o600);
    });

    it("is proven and verified, offline and against the chain", async () => {
      const proven = await market.seller("prove order.json --reveal reveal.json --out bundle.json");
      expect(proven.proofSystem).to.equal(proofSystem);
      const { proofBytes = GROTH16_BYTES } = await market.json(
        `preflight --network network.json --rows ${PROVEN_ROWS} --proof-system ${proofSystem}`,
      );
      expect(proven.proofBytes, "as foreseen").to.equal(proofBytes);
      const offline = await market.json("verify bundle.json --offline");
      expect(offline).to.include({ complete: false, dealId });
      expect(offline.unchecked).to.have.length(1);
      const online = await market.json("verify bundle.json");
      expect(online).to.deep.include({ complete: true, unchecked: [], sampledClaims: [], proofSystem });
      expect(online.rows).to.deep.equal({ n: PROVEN_ROWS, T: 20, sampled: 0 });
      const run = await market.run("verify bundle.json");
      for (const words of [
        `proven with ${proofSystem}`,
        "Checked:",
        "at least 20 of",
        "95 % interval",
        "largest class",
        "Everything was checked.",
      ]) {
        expect(run.stdout).to.contain(words);
      }
    });

    it("is refused to a buyer who insists on the other proof system", async () => {
      const other = proofSystem === "libra" ? "groth16" : "libra";
      for (const command of ["verify bundle.json --offline", "fund bundle.json --account 1 --yes"]) {
        const run = await market.run(`${command} --proof-system ${other}`);
        expectFailure(run, 4, `proven with ${proofSystem}, not ${other}`);
      }
      const { complete } = await market.json(`verify bundle.json --proof-system ${proofSystem}`);
      expect(complete).to.equal(true);
    });

    it("is verified on a machine without the journal, which then says that S was not checked", async () => {
      const elsewhere = new Market(market.folder, {
        ...market.environment,
        ZKCMP_HOME: join(market.folder, "elsewhere"),
      });
      expectFailure(await elsewhere.run("verify bundle.json --offline"), 2, "--reveal");
      const { complete, unchecked } = await elsewhere.json("verify bundle.json --offline --reveal reveal.json");
      expect(complete).to.equal(false);
      expect((unchecked as string[]).join()).to.contain("S not checked, do not fund");
    });

    it("has shown no secret so far", async () => {
      const secrets = await market.sealSecrets();
      expect(secrets).to.have.length(3);
      const files = ["order.json", "reveal.json", "bundle.json"];
      const texts = await Promise.all(files.map(async (file) => readFile(join(market.folder, file), "utf8")));
      for (const secret of secrets) {
        for (const text of [market.printed, ...texts]) {
          expect(text.includes(secret.slice(2)) || text.includes(BigInt(secret).toString())).to.equal(false);
        }
      }
    });

    it("is funded, redeemed and unsealed: the buyer has the very network", async () => {
      expectFailure(await market.run("unseal order.json --out bought.json"), 7, "Fund it first");
      await market.buyer("fund bundle.json");
      expectFailure(await market.run("unseal order.json --out bought.json"), 7, "--wait");
      const { paid } = await market.seller("redeem order.json");
      expect(paid).to.equal("paid");
      const { kept, score } = await market.buyer("unseal order.json --out bought.json");
      expect(kept).to.equal(true);
      expect((score as { rows: number }).rows).to.equal(PROVEN_ROWS);
      const bought = await readFile(join(market.folder, "bought.json"), "utf8");
      expect(bought).to.equal(await readFile(join(market.folder, "network.json"), "utf8"));
    });

    it("pays once, however often the commands are run", async () => {
      const before = await market.chainEntries();
      await market.buyer("fund bundle.json");
      await market.seller("redeem order.json");
      await market.seller("offer order.json");
      expect(await market.chainEntries()).to.equal(before);
      expect(await market.state("order.json")).to.equal("redeemed");
      const { deals } = (await market.json("status order.json")) as { deals: { proofSystem: string }[] };
      expect(deals.map((deal) => deal.proofSystem)).to.deep.equal([proofSystem, proofSystem]);
    });

    it("is found by its file, by the order's hash and by the deal's id", async () => {
      const { deals } = await market.json("status");
      expect(deals).to.have.length(2);
      const { orderHash } = (deals as { orderHash: string }[])[0]!;
      for (const reference of ["order.json", orderHash, dealId]) {
        expect((await market.json(`status ${reference}`)).deals, reference).to.have.length(2);
      }
      expectFailure(await market.run(`status 0x${"12".repeat(32)}`), 2, "journal");
    });
  });

describe("zkcmp: a refund, and an offer that is taken back", function () {
  this.timeout(180_000);

  let market: Market;

  before(async () => {
    market = await Market.open();
  });

  after(async () => market.close());

  it("sells with drawn rows, and says what that states", async () => {
    const dealId = await market.offer("order.json", { sampled: true, proofSystem: "groth16" });
    await market.buyer(`order reveal order.json --deal ${dealId} --out reveal.json`);
    await market.seller("sample commit order.json --reveal reveal.json --out root.json");
    await market.buyer("sample open order.json --root root.json --out nonce.json");
    await market.seller("prove order.json --nonce nonce.json --out bundle.json");
    const { sampledClaims, rows } = await market.json("verify bundle.json");
    expect(rows).to.deep.equal({ n: SAMPLED_FROM, T: 40, sampled: PROVEN_ROWS });
    const claims = sampledClaims as { atLeast: number; error: number }[];
    expect(claims.map(({ error }) => error)).to.deep.equal([0.01, 2 ** -40]);
    for (const { atLeast } of claims) expect(atLeast).to.be.lessThan(40);
    const { stdout } = await market.run("verify bundle.json");
    expect(stdout).to.contain("at most 1 %").and.to.contain("at most 2^-40");
    expect(stdout).to.not.contain("at least 40 of");
  });

  it("refunds from the hour on that it names, and not before", async () => {
    const { refundableFrom } = await market.buyer("fund bundle.json");
    const early = await market.run("refund order.json --account 1 --yes");
    expectFailure(early, 7, new Date(Number(refundableFrom) * 1000).toISOString());
    await market.json("development advance-time 24h");
    expectFailure(await market.run("redeem order.json --account 0 --yes"), 7, "too late");
    const { paid } = await market.buyer("refund order.json");
    expect(paid).to.equal("paid");
    expect(await market.state("order.json")).to.equal("refunded");
    const before = await market.chainEntries();
    await market.buyer("refund order.json");
    expect(await market.chainEntries()).to.equal(before);
    for (const secret of await market.sealSecrets()) expect(market.printed).to.not.contain(secret.slice(2));
  });

  it("takes an offer back, which then cannot be funded", async () => {
    await market.offer("second.json");
    await market.seller("cancel second.json");
    expect(await market.state("second.json")).to.equal("cancelled");
    expectFailure(await market.run("cancel order.json --account 0 --yes"), 4, "refunded");
  });
});
