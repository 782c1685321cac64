import { expect } from "chai";
import { claimReward } from "../../src/rounds/claim.ts";
import { openedRound, openingTime } from "../../src/rounds/opened-round.ts";
import { RoundError, RoundTimeError } from "../../src/rounds/round-error.ts";
import type { RoundFile } from "../../src/rounds/round-file.ts";
import { roundStatus } from "../../src/rounds/round-status.ts";
import { settleRound } from "../../src/rounds/settle.ts";
import { DAY, expectRefusal, HOUR } from "../fixture.ts";
import { open, openRoundWorld, register, type RoundWorld } from "./fixture.ts";

describe("a round without its file", function () {
  this.timeout(180_000);
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

  it("is what its file says, but for the encoding", async () => {
    const rest: Partial<RoundFile> = { ...round };
    delete (rest as { encoding?: unknown }).encoding;
    expect(await openedRound(world.connection, world.rewards, round.roundId)).to.deep.equal(rest);
  });

  it("knows when it was opened", async () => {
    const time = await openingTime(world.connection, round);
    const { registrationUntil } = round.terms;
    // The terms were made for the time before the block.
    expect(registrationUntil - time!).to.be.within(HOUR - 60, HOUR);
    expect(await openingTime(world.connection, { ...round, roundId: 1n })).to.equal(null);
  });

  it("is refused where the contract knows none of this id", async () => {
    const other = openedRound(world.connection, world.rewards, round.roundId + 1n);
    await expectRefusal(other, RoundError, /does not exist/);
  });

  it("is refused where a node changes a term", async () => {
    const { provider } = world.connection;
    const lying = {
      ...world.connection,
      provider: Object.assign(Object.create(provider) as typeof provider, {
        send: async (method: string, params: unknown[]) => {
          const answer: unknown = await provider.send(method, params);
          if (method !== "eth_getLogs") return answer;
          // The last word of the event's data but one is the terms' salt.
          const other = (digits: string): string => (digits === "00" ? "01" : "00");
          return (answer as { data: string }[]).map((log) => ({
            ...log,
            data: `${log.data.slice(0, -66)}${other(log.data.slice(-66, -64))}${log.data.slice(-64)}`,
          }));
        },
      }),
    };
    await expectRefusal(openedRound(lying, world.rewards, round.roundId), RoundError, /does not give the event/);
  });

  it("can be looked at, settled and claimed", async () => {
    await register(world, round, [0]);
    const known = await openedRound(world.connection, world.rewards, round.roundId);
    expect((await roundStatus(world.connection, known)).window).to.equal("registration");
    await expectRefusal(claimReward(world.providers[0], known, {}, world.trustStore), RoundTimeError, /no proof/);
    await world.node.advanceTime(HOUR + DAY + 1);
    expect((await settleRound(world.stranger, known, world.trustStore)).state).to.equal("equal");
    expect((await claimReward(world.providers[0], known, {}, world.trustStore)).payee).to.equal(
      world.providers[0].wallet.address.toLowerCase(),
    );
  });
});
