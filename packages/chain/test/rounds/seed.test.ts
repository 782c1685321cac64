import { expect } from "chai";
import { RoundTimeError } from "../../src/rounds/round-error.ts";
import { advanceSeed } from "../../src/rounds/seed.ts";
import { expectRefusal, HOUR } from "../fixture.ts";
import { newParties, open, openRoundWorld, register, type RoundWorld } from "./fixture.ts";

/** BlockSeed fixes a block this far ahead, and a chain shows its hash this long. */
const AHEAD = 96n;
const SHOWN = 256n;

describe("the public seed of a round", function () {
  this.timeout(60_000);
  let world: RoundWorld;
  let chain: RoundWorld;
  before(async () => {
    chain = await openRoundWorld();
    world = await newParties(chain);
  });
  after(async () => {
    await world.close();
    await chain.close();
    await (globalThis as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128?.terminate();
  });

  const mine = (blocks: bigint) => world.node.local.transport("hardhat_mine", [`0x${blocks.toString(16)}`]);

  it("is fixed after registration, drawn by anybody after its block, and fixed anew if it was lost", async () => {
    const { stranger, owner, trustStore, node } = world;
    const round = await open(world);
    await register(world, round, [0]);
    await expectRefusal(advanceSeed(stranger, round, trustStore), RoundTimeError, /can be fixed after/);
    await node.local.transport("evm_increaseTime", [HOUR + 1]);
    await mine(1n);

    const fixed = await advanceSeed(stranger, round, trustStore);
    expect(fixed.seed).to.equal(null);
    expect(fixed.seedBlock).to.equal(BigInt(await node.blockNumber()) + AHEAD);
    const waiting = await advanceSeed(owner, round, trustStore);
    expect(waiting).to.deep.equal({ seed: null, seedBlock: fixed.seedBlock, transaction: null });

    await mine(AHEAD + SHOWN);
    const again = await advanceSeed(stranger, round, trustStore);
    expect(again.seed).to.equal(null);
    expect(again.seedBlock > fixed.seedBlock + SHOWN).to.equal(true);

    await mine(AHEAD);
    const drawn = await advanceSeed(owner, round, trustStore);
    expect(drawn.seed).to.match(/^0x[0-9a-f]{64}$/);
    expect(drawn.transaction).not.to.equal(null);
    const known = await advanceSeed(stranger, round, trustStore);
    expect(known).to.deep.equal({ seed: drawn.seed, seedBlock: drawn.seedBlock, transaction: null });
  });
});
