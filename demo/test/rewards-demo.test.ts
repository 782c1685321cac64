import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endCurve } from "@zkcmp/groth16/curve";
import { expect } from "chai";
import type { Narration } from "../narration.ts";
import { rewardsJson, type RewardsOutcome, runRewards } from "../rewards-demo.ts";
import { rentScenario } from "../round-scenario.ts";

describe("the rewards demo", function () {
  this.timeout(600_000);
  let folder: string;
  let outcome: RewardsOutcome;
  const said: string[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "zkcmp-rewards-demo-"));
    const narration: Narration = {
      say: (text) => said.push(text),
      restart: () => undefined,
      seconds: {},
      total: () => 0,
    };
    const svgPath = join(folder, "chart.svg");
    outcome = await runRewards({ scenario: rentScenario(), narration, svgPath });
  });
  after(async () => {
    await rm(folder, { recursive: true });
    await endCurve();
  });

  it("ends well: everybody has claimed all that was earned, of the pool and of the price", () => {
    expect(outcome.ok).to.equal(true);
    const { providers, pool, dust, sale } = outcome;
    expect(pool).to.equal(2n * 10n ** 18n + sale.share);
    expect(providers.reduce((sum, { reward }) => sum + reward, dust)).to.equal(pool);
    expect(dust < BigInt(providers.length)).to.equal(true);
  });

  it("pays good rows most, and mislabelled ones nothing", () => {
    const [good, noisy, duplicated, mislabelled, tiny] = outcome.providers;
    for (const { reward } of [noisy!, duplicated!, tiny!]) expect(reward > 0n && reward < good!.reward).to.equal(true);
    expect(mislabelled!.value < 0n).to.equal(true);
    expect(mislabelled!.reward).to.equal(0n);
  });

  it("sells the very model that was trained, within the error that was proven", () => {
    const { sale } = outcome;
    expect(sale.origin).to.match(/^the model sold is the model trained in the round/);
    expect(sale.measuredError).to.be.at.most(sale.provenError);
    expect(said.some((text) => text.includes(sale.origin))).to.equal(true);
  });

  it("refuses every attempt for its own reason", () => {
    const reasons = [/InvalidReceipt/, /InvalidProof/, /NothingToClaim/, /WrongResult/, /NotAccepted/, /ClaimsOpen/];
    for (const reason of [...reasons, /WrongState/, /M in the core/]) {
      expect(outcome.refused.some((refusal) => reason.test(refusal.reason))).to.equal(true);
    }
    expect(outcome.refused.length).to.equal(12);
  });

  it("draws all providers, in the terminal and as SVG", async () => {
    const svg = await readFile(join(folder, "chart.svg"), "utf8");
    for (const { name, note } of outcome.providers) {
      expect(svg).to.contain(`${name} (${note})`);
      expect(outcome.lines.some((line) => line.includes(`${name} (${note})`))).to.equal(true);
    }
  });

  it("reports under the keys that scripts rely on", () => {
    const json = rewardsJson(outcome, { total: 1 });
    expect(json).to.include.all.keys("values", "rewards", "pool", "dust", "loss", "constraints", "seconds", "gas");
    expect(JSON.parse(JSON.stringify(json))).to.deep.equal(json);
    expect(json.values.map(BigInt)).to.deep.equal(outcome.providers.map(({ value }) => value));
    expect(json.gas).to.include.all.keys("open", "register", "registerFor", "fund", "submit", "claim", "forward");
    expect(Object.values(json.gas).every((gas) => gas > 21_000)).to.equal(true);
  });
});
