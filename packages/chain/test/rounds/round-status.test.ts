import { expect } from "chai";
import { claimReward } from "../../src/rounds/claim.ts";
import { fundRound } from "../../src/rounds/fund.ts";
import type { RoundFile } from "../../src/rounds/round-file.ts";
import { roundStatus } from "../../src/rounds/round-status.ts";
import { settleRound, sweepRound } from "../../src/rounds/settle.ts";
import { DAY, HOUR } from "../fixture.ts";
import { open, openRoundWorld, register, type RoundWorld } from "./fixture.ts";

describe("the status of a round", function () {
  this.timeout(60_000);
  let world: RoundWorld;
  let round: RoundFile;
  before(async () => {
    world = await openRoundWorld();
    round = await open(world);
  });
  after(async () => {
    await world.close();
    await (globalThis as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128?.terminate();
  });

  /** Window, what its end is, and who can do what, by the commands' last words. */
  async function look() {
    const { window, deadline, next } = await roundStatus(world.connection, round);
    const steps = next.map(({ who, what }) => `${who}: ${/zkcmp round (\w+)/.exec(what)![1]}`);
    return { window, until: deadline?.at ?? null, steps };
  }

  it("says in every window when it ends and who can do what", async () => {
    const { registrationUntil, submissionUntil, claimUntil } = round.terms;
    const { owner, providers, stranger, trustStore, node } = world;
    const registration = ["provider: samples", "owner: accept", "provider: register"];
    expect(await look()).to.deep.equal({
      window: "registration",
      until: registrationUntil,
      steps: [...registration, "owner: fund"],
    });
    await register(world, round, [0, 1]);
    expect((await look()).steps).to.deep.equal([...registration, "anyone: fund"]);
    await fundRound(owner, round, { amount: 10n, name: "x" }, trustStore);
    await node.advanceTime(HOUR + 1);
    expect(await look()).to.deep.equal({
      window: "submission",
      until: submissionUntil,
      steps: ["owner: prove", "anyone: submit", "anyone: fund"],
    });
    await node.advanceTime(DAY);
    expect(await look()).to.deep.equal({
      window: "to be settled: no proof came",
      until: claimUntil,
      steps: ["anyone: settle", "anyone: fund"],
    });
    await settleRound(stranger, round, trustStore);
    const claims = ["anyone: fund", "anyone: forward"];
    expect(await look()).to.deep.equal({ window: "claims", until: claimUntil, steps: ["provider: claim", ...claims] });
    for (const index of [0, 1]) await claimReward(providers[index]!, round, {}, trustStore);
    expect((await look()).steps).to.deep.equal(claims);
    await node.advanceTime(30 * DAY);
    expect(await look()).to.deep.equal({ window: "after the claims", until: null, steps: ["owner: sweep"] });
    await sweepRound(owner, round, trustStore);
    expect(await look()).to.deep.equal({
      window: "over: the owner has taken what was left",
      until: null,
      steps: [],
    });
  });
});
