import { expect } from "chai";
import { type Command, killEverywhere } from "./kill-everywhere.ts";
import { type PartyName, RoundMarket } from "./round.ts";

/**
 * Every command of a round is killed before each of its writes, of which the mining of a transaction is one, and run again as it
 * was. The round then goes on from the state that was hurt last, so that at the end all of it was broken and mended.
 */
describe("zkcmp round: killed before every write", function () {
  this.timeout(300_000);

  const markets: RoundMarket[] = [];
  let market: RoundMarket;

  before(async () => {
    market = await RoundMarket.deploy();
    markets.push(market);
  });

  after(async () => {
    await Promise.all(markets.map(async (each) => each.close()));
  });

  /** @param transactions how many the command sends, however often it is killed */
  async function step(party: PartyName, words: string, transactions = 0): Promise<Record<string, unknown>[]> {
    const command: Command<RoundMarket> = {
      words,
      run: (copy, environment) => copy.run(party, words, environment),
      again: (copy) => copy.json(party, words),
    };
    const { hurt, results } = await killEverywhere(market, command, transactions, (copy) => markets.push(copy));
    market = hurt;
    return results;
  }

  it("open: one round", async () => {
    await step("owner", await market.openCommand("round.json"), 1);
  });

  it("samples: one commitment, once it is written down", async () => {
    await step("first", "round samples round.json first.csv --out first-disclosure.json");
  });

  it("accept: the same receipt every time", async () => {
    await step("owner", "round accept first-disclosure.json --out first-receipt.json");
  });

  it("register", async () => {
    for (const { slot } of await step("first", "round register round.json --receipt first-receipt.json", 1)) {
      expect(slot).to.equal(0);
    }
  });

  it("register by consent", async () => {
    await market.accept("second");
    const signed = "round register round.json --receipt second-receipt.json --consent-only --out second-consent.json";
    await step("second", signed);
    const results = await step("stranger", "round register round.json --consent second-consent.json", 1);
    for (const { slot } of results) expect(slot).to.equal(1);
  });

  it("fund: paid once", async () => {
    const results = await step("owner", "round fund round.json --amount 1", 1);
    for (const { pool } of results) expect(pool).to.equal((10n ** 18n).toString());
  });

  it("prove: one model commitment", async () => {
    await market.json("owner", "development advance-time 3h");
    const out = "--out proof.json --network-out model.json --model-salt-out salt.json";
    const results = await step("owner", `round prove round.json ${out}`);
    // Before the salt was written nothing was proven with it.
    const commitments = results.slice(1).map(({ modelCommitment }) => modelCommitment);
    expect(commitments.length).to.be.greaterThan(2);
  });

  it("submit", async () => {
    const results = await step("stranger", "round submit round.json proof.json", 1);
    for (const { equal } of results) expect(equal).to.equal(false);
  });

  it("claim: paid once", async () => {
    await step("first", "round claim round.json", 1);
    const { providers } = (await market.status()) as { providers: { earned: string; paid: string }[] };
    expect(providers[0]!.paid).to.equal(providers[0]!.earned);
  });

  it("sweep", async () => {
    await market.json("owner", "development advance-time 40d");
    await step("owner", "round sweep round.json", 1);
    expect((await market.status()).state).to.equal("swept");
  });

  it("settle", async () => {
    await market.openRound("empty.json", " --label empty");
    await market.json("owner", "development advance-time 3h");
    for (const { state } of await step("stranger", "round settle empty.json", 1)) expect(state).to.equal("refunded");
  });

  it("has shown no salt", async () => {
    const salts = await market.salts();
    expect(salts.length).to.be.greaterThan(3);
    for (const salt of salts) for (const { printed } of markets) expect(printed).to.not.contain(salt);
  });
});
