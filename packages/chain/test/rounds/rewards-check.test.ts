import { rm } from "node:fs/promises";
import { join } from "node:path";
import { CircuitKeyMissingError } from "@zkcmp/groth16/trusted-circuit-key";
import { addTrustedKey, findTrustedKey, listTrustedKeys } from "@zkcmp/groth16/trust-store";
import type { Address } from "@zkcmp/sale/order";
import { expect } from "chai";
import { WrongChainError } from "../../src/network-connection.ts";
import { checkRewards, checkRound } from "../../src/rounds/rewards-check.ts";
import { deployRewards, deterministicRewards } from "../../src/rounds/rewards-deployment.ts";
import { RewardsCodeError, RoundError } from "../../src/rounds/round-error.ts";
import { roundIdOf } from "../../src/rounds/round-terms.ts";
import { accountAt, expectRefusal, LIVE_CHAIN, temporaryFolder } from "../fixture.ts";
import { disclose, open, openRoundWorld, type RoundWorld, SHAPE } from "./fixture.ts";

describe("the check of a rewards contract", function () {
  this.timeout(60_000);
  let world: RoundWorld;
  before(async () => {
    world = await openRoundWorld();
  });
  after(async () => {
    await world.close();
    await (globalThis as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128?.terminate();
  });

  async function trustedKey() {
    const [entry] = await listTrustedKeys(world.trustStore);
    return findTrustedKey(world.trustStore, entry!.zkeySha256, { development: true });
  }

  it("finds the key that the verifier was made with", async () => {
    const key = await checkRewards(world.connection, { rewards: world.rewards, shape: SHAPE }, world.trustStore);
    expect(key.zkeySha256).to.equal((await trustedKey()).zkeySha256);
    expect(deterministicRewards(key.verificationKey, SHAPE).rewards).to.equal(world.rewards);
  });

  it("refuses a contract for another shape, or with a verifier of another key", async () => {
    const { connection, trustStore } = world;
    const { verificationKey } = await trustedKey();
    const wallet = accountAt(8);
    const larger = await deployRewards(connection, wallet, verificationKey, { ...SHAPE, rows: 9 });
    await expectRefusal(checkRewards(connection, { ...larger, shape: SHAPE }, trustStore), RewardsCodeError, /is not/);
    const [a, b, ...others] = verificationKey.ic;
    const forged = { ...verificationKey, ic: [b!, a!, ...others] };
    const other = await deployRewards(connection, wallet, forged, SHAPE);
    await expectRefusal(checkRewards(connection, { ...other, shape: SHAPE }, trustStore), RewardsCodeError, /is not/);
  });

  it("refuses an address without a contract, or with another one", async () => {
    const { connection, trustStore, rewards } = world;
    const nobody = { rewards: `0x${"12".repeat(20)}` as const, shape: SHAPE };
    await expectRefusal(checkRewards(connection, nobody, trustStore), RewardsCodeError, /no contract/);
    const { verifier } = deterministicRewards((await trustedKey()).verificationKey, SHAPE);
    const wrong = { rewards: verifier, shape: SHAPE };
    await expectRefusal(checkRewards(connection, wrong, trustStore), RewardsCodeError, /is not the ShapleyRewards/);
    expect(rewards).to.not.equal(verifier);
  });

  it("knows on development chains the same code at another address, but not with a changed byte", async () => {
    const { connection, trustStore, node } = world;
    const rewards: Address = `0x${"77".repeat(20)}`;
    const code = await connection.provider.getCode(world.rewards);
    const place = async (text: string) => node.local.transport("hardhat_setCode", [rewards, text]);
    await place(code);
    expect((await checkRewards(connection, { rewards, shape: SHAPE }, trustStore)).provenance.kind).to.equal(
      "development",
    );
    const shape = { ...SHAPE, rows: 9 };
    await expectRefusal(checkRewards(connection, { rewards, shape }, trustStore), CircuitKeyMissingError, /m9/);
    await place(`${code.slice(0, 200)}${code[200] === "0" ? "1" : "0"}${code.slice(201)}`);
    await expectRefusal(checkRewards(connection, { rewards, shape: SHAPE }, trustStore), RewardsCodeError, /is not/);
  });

  it("takes the key from the trust store alone", async () => {
    const folder = await temporaryFolder();
    const empty = join(folder, "none.json");
    const contract = { rewards: world.rewards, shape: SHAPE };
    await expectRefusal(checkRewards(world.connection, contract, empty), CircuitKeyMissingError, /no verified key/);
    await addTrustedKey(empty, { ...(await trustedKey()), circuit: "another-circuit" });
    await expectRefusal(checkRewards(world.connection, contract, empty), CircuitKeyMissingError, /no verified key/);
    await rm(folder, { recursive: true });
  });

  it("refuses a round of another chain, and one that was never opened, before any row is committed to", async () => {
    const { connection, trustStore } = world;
    const round = await open(world);
    const elsewhere = { ...round, chainId: 1 };
    await expectRefusal(checkRound(connection, elsewhere, trustStore), WrongChainError, /chain 1/);
    const terms = { ...round.terms, ridgeBits: round.terms.ridgeBits + 1 };
    const unopened = { ...round, terms, roundId: roundIdOf({ ...round, terms }) };
    await expectRefusal(disclose(world, unopened, 0), RoundError, /does not exist/);
    const { journal } = world.providers[0];
    expect(await journal.recordNames({ folder: "samples" })).to.deep.equal([]);
  });

  it("refuses development keys off development chains", async () => {
    const live = await openRoundWorld(LIVE_CHAIN);
    const contract = { rewards: live.rewards, shape: SHAPE };
    await expectRefusal(
      checkRewards(live.connection, contract, live.trustStore),
      CircuitKeyMissingError,
      /no verified/,
    );
    await live.close();
  });
});
