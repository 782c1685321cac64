import { stat } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { expectFailure } from "./program.ts";
import { RoundMarket } from "./round.ts";

interface Provider {
  readonly payee: string;
  readonly value: string | null;
  readonly earned: string | null;
  readonly paid: string;
}

describe("zkcmp: a whole rewards round", function () {
  this.timeout(240_000);

  let market: RoundMarket;

  before(async () => {
    market = await RoundMarket.open();
  });

  after(async () => market.close());

  it("is opened once, however often it is asked for", async () => {
    const before = await market.chainEntries();
    const { roundId } = JSON.parse(await market.read("round.json")) as { roundId: string };
    expect((await market.openRound("round.json")).roundId).to.equal(roundId);
    expect(await market.chainEntries()).to.equal(before);
  });

  it("refuses a ridge that lets rounding decide, and names the ones that pass", async () => {
    const run = await market.run("owner", await market.openCommand("other.json", " --ridge-bits 3"));
    expectFailure(run, 4, "2^3", "--ridge-bits from");
  });

  it("refuses rows with missing values by line and column, until they are dropped", async () => {
    await market.write("gaps.csv", "x,y,name\n20,45,a\n,80,b\n30,65,c\n");
    const command = "round samples round.json gaps.csv --out gaps.json";
    expectFailure(await market.run("stranger", command), 3, "line 3 (x)");
    const { rows, dropped } = await market.json("stranger", `${command} --drop-missing`);
    expect({ rows, dropped }).to.deep.equal({ rows: 2, dropped: [3] });
  });

  it("shows a provider terms and limits before any row is written", async () => {
    const run = await market.run("first", "round samples round.json first.csv --out first-disclosure.json");
    expect(run.code, run.stderr).to.equal(0);
    for (const words of ["pool now 0.0 ether", "3 of 3 slots free", "cannot cancel", "sees your rows", "% clipped"]) {
      expect(run.stderr).to.contain(words);
    }
    expect((await stat(join(market.folder, "first-disclosure.json"))).mode & 0o777).to.equal(0o600);
  });

  it("registers by a provider's own transaction, and by a relayed consent", async () => {
    await market.register("first");
    await market.accept("second");
    const signed = "round register round.json --receipt second-receipt.json --consent-only --out second-consent.json";
    await market.json("second", signed);
    const { slot, payee } = await market.json("stranger", "round register round.json --consent second-consent.json");
    expect(slot).to.equal(1);
    expect(payee).to.match(/^0x3c44/);
    await market.register("third");
    const { providers, next } = await market.status();
    expect(providers).to.have.length(3);
    expect((next as { what: string }[]).map(({ what }) => what).join()).to.contain("fund");
  });

  it("is funded once for each payment that is named", async () => {
    await market.json("owner", "round fund round.json --amount 3");
    expect((await market.json("owner", "round fund round.json --amount 3")).sent).to.equal(false);
    const { pool } = await market.json("owner", "round fund round.json --amount 1 --payment second");
    expect(pool).to.equal((4n * 10n ** 18n).toString());
    expectFailure(await market.run("owner", "round fund round.json --amount 2"), 4, "--payment");
  });

  it("is proven after registration and not before, with files for a sale of the model", async () => {
    const command = "round prove round.json --out proof.json --network-out model.json --model-salt-out salt.json";
    expectFailure(await market.run("owner", command), 7, "may register until");
    await market.json("owner", "development advance-time 3h");
    expectFailure(await market.run("first", command), 3, "round");
    const { modelCommitment, unequalPriors } = await market.json("owner", command);
    expect(unequalPriors).to.equal(null);
    expect(modelCommitment).to.match(/^0x[0-9a-f]{64}$/);
    const salt = JSON.parse(await market.read("salt.json")) as Record<string, unknown>;
    expect(salt).to.include({ format: "zkcmp-model-salt", version: 1 });
    for (const file of ["model.json", "salt.json"]) {
      expect((await stat(join(market.folder, file))).mode & 0o777).to.equal(0o600);
    }
  });

  it("is submitted by anybody, claimed, and drawn", async () => {
    const { sent, equal } = await market.json("stranger", "round submit round.json proof.json");
    expect({ sent, equal }).to.deep.equal({ sent: true, equal: false });
    expect((await market.json("owner", "round submit round.json proof.json")).sent).to.equal(false);
    const { providers } = (await market.status()) as { providers: Provider[] };
    expect(providers.map(({ value }) => BigInt(value!) > 0n)).to.deep.equal([true, true, false]);
    const first = await market.json("first", "round claim round.json");
    expect(first.amount).to.equal(providers[0]!.earned);
    const second = await market.json("stranger", `round claim round.json --for ${providers[1]!.payee}`);
    expect(second.amount).to.equal(providers[1]!.earned);
    expect((await market.json("third", "round claim round.json")).amount).to.equal("0");
    expect((await market.json("first", "round claim round.json --forward")).amount).to.equal("0");
    await market.json("stranger", "round chart round.json --svg chart.svg --names good,few,wrong");
    const svg = await market.read("chart.svg");
    for (const words of ["good", "few", "wrong", 'class="negative"']) expect(svg).to.contain(words);
    const { stdout } = await market.run("stranger", "round chart round.json");
    expect(stdout).to.match(/█│/);
  });

  it("is swept by the owner when the claims are over", async () => {
    expectFailure(await market.run("owner", "round sweep round.json"), 7, "may claim");
    await market.json("owner", "development advance-time 40d");
    expectFailure(await market.run("first", "round sweep round.json"), 4, "the round's owner");
    const { amount } = await market.json("owner", "round sweep round.json");
    expect(Number(amount)).to.be.lessThan(3);
    expect((await market.status()).state).to.equal("swept");
  });

  it("has shown no salt", async () => {
    const salts = await market.salts();
    expect(salts.length).to.be.greaterThan(4);
    const publicFiles = ["round.json", "first-receipt.json", "second-consent.json", "proof.json", "chart.svg"];
    const texts = [market.printed, ...(await Promise.all(publicFiles.map(async (file) => market.read(file))))];
    for (const salt of salts) {
      for (const text of texts) {
        expect(text.includes(salt) || text.includes(BigInt(`0x${salt}`).toString())).to.equal(false);
      }
    }
  });
});

describe("zkcmp: a round without a proof", function () {
  this.timeout(180_000);

  let market: RoundMarket;

  before(async () => {
    market = await RoundMarket.open();
  });

  after(async () => market.close());

  it("is split equally, and nothing goes back to the owner before the claims end", async () => {
    await market.register("first");
    await market.register("third");
    await market.json("owner", "round fund round.json --amount 1");
    expectFailure(await market.run("stranger", "round settle round.json"), 7, "a proof may be submitted");
    await market.json("owner", "development advance-time 30h");
    const { stdout } = await market.run("stranger", "round status round.json");
    expect(stdout).to.contain("no proof came").and.to.contain("round settle");
    expect((await market.json("stranger", "round settle round.json")).state).to.equal("equal");
    expectFailure(await market.run("owner", "round sweep round.json"), 7, "may claim");
    const half = (10n ** 18n / 2n).toString();
    expect((await market.json("third", "round claim round.json")).amount).to.equal(half);
    expect((await market.json("first", "round claim round.json")).amount).to.equal(half);
    const { stdout: chart } = await market.run("stranger", "round chart round.json");
    expect(chart).to.contain("split equally").and.to.contain("no values were proven");
  });

  it("goes back to the owner when nobody registered", async () => {
    await market.openRound("empty.json", " --label empty");
    await market.json("owner", "development advance-time 3h");
    expect((await market.json("stranger", "round settle empty.json")).state).to.equal("refunded");
    expect((await market.json("owner", "round sweep empty.json")).amount).to.equal("0");
  });

  it("refuses a round file that was changed", async () => {
    const file = JSON.parse(await market.read("round.json")) as { terms: { ridgeBits: number }; encoding: object };
    await market.write("forged.json", JSON.stringify({ ...file, terms: { ...file.terms, ridgeBits: 17 } }));
    expectFailure(await market.run("stranger", "round status forged.json"), 4, "id");
    const encoding = { ...file.encoding, dataBits: 9 };
    await market.write("forged.json", JSON.stringify({ ...file, encoding }));
    expectFailure(await market.run("stranger", "round status forged.json"), 4, "encoding");
  });
});
