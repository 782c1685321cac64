import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { networkToJson } from "@zkcmp/network/network";
import { fieldToHex } from "@zkcmp/sale/hex";
import { commitModel } from "@zkcmp/sale/model-commitment";
import { equalWeights, rewardOf, weightsOf } from "@zkcmp/shapley/rewards";
import { expect } from "chai";
import type { BaseWallet } from "ethers";
import { JournalError } from "../../src/journal.ts";
import type { Party } from "../../src/party.ts";
import { acceptDisclosure } from "../../src/rounds/accept.ts";
import { claimReward } from "../../src/rounds/claim.ts";
import { fundRound } from "../../src/rounds/fund.ts";
import { registerContribution, relayConsent, revokeConsents, signConsent } from "../../src/rounds/register.ts";
import { RewardsContract } from "../../src/rounds/rewards-contract.ts";
import { RewardsRevertError, RoundError, RoundTimeError } from "../../src/rounds/round-error.ts";
import { encodeRoundFile, type RoundFile } from "../../src/rounds/round-file.ts";
import { encodeRoundProof } from "../../src/rounds/round-message.ts";
import { OWNED_ROUNDS } from "../../src/rounds/round-record.ts";
import { roundStatus } from "../../src/rounds/round-status.ts";
import { roundIdToHex } from "../../src/rounds/round-terms.ts";
import { settleRound, sweepRound } from "../../src/rounds/settle.ts";
import { submitRound } from "../../src/rounds/submit.ts";
import { walletAddress } from "../../src/account.ts";
import { accountAt, DAY, expectRefusal, HOUR } from "../fixture.ts";
import { accept, disclose, newParties, open, openRoundWorld, prove, register, type RoundWorld } from "./fixture.ts";

const ETHER_AMOUNT = 10n ** 18n;

describe("a round", function () {
  this.timeout(180_000);
  let chain: RoundWorld;
  let world: RoundWorld;
  let snapshot: unknown;
  before(async () => {
    chain = await openRoundWorld();
  });
  after(async () => {
    await chain.close();
    await (globalThis as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128?.terminate();
  });
  beforeEach(async () => {
    snapshot = await chain.node.local.transport("evm_snapshot", []);
    world = await newParties(chain);
  });
  afterEach(async () => {
    await world.close();
    await chain.node.local.transport("evm_revert", [snapshot]);
  });

  const balanceOf = (wallet: BaseWallet) => world.connection.provider.getBalance(wallet.address);
  const fund = (round: RoundFile, amount = ETHER_AMOUNT, name = "first", party?: Party) =>
    fundRound(party ?? world.owner, round, { amount, name }, world.trustStore);

  it("pays providers by the proven values, whoever registers them, and again when the pool grows", async () => {
    const { trustStore, providers, stranger } = world;
    const round = await open(world);
    await register(world, round, [0]);
    const consent = await signConsent(providers[1], round, await accept(world, round, 1), trustStore);
    const { slot, transaction } = await relayConsent(stranger, round, consent, trustStore);
    expect(slot).to.equal(1);
    expect(transaction).to.not.equal(null);
    await register(world, round, [2]);
    await fund(round);
    await world.node.advanceTime(HOUR + 1);

    const { roundProof, solution, network, modelSalt } = await prove(world, round);
    const { submission } = await submitRound(stranger, round, roundProof, trustStore);
    expect(submission.result.values).to.deep.equal(solution.values);
    expect(submission.result.modelCommitment).to.equal(commitModel(network, modelSalt));
    expect(solution.values[0]! > solution.values[1]!).to.equal(true);
    expect(solution.values[2]! < 0n).to.equal(true);

    const { slack } = await new RewardsContract(world.connection.provider, round.rewards).round(round.roundId);
    const weights = weightsOf(solution.values, slack);
    expect(weights.equal).to.equal(false);
    const before = await balanceOf(providers[1].wallet);
    const { amount } = await claimReward(stranger, round, { payee: walletAddress(providers[1].wallet) }, trustStore);
    expect(amount).to.equal(rewardOf(ETHER_AMOUNT, weights, 1));
    expect((await balanceOf(providers[1].wallet)) - before).to.equal(amount);
    await fund(round, ETHER_AMOUNT, "second", stranger);
    const to = walletAddress(accountAt(7));
    const untouched = await balanceOf(accountAt(7));
    const first = await claimReward(providers[0], round, { to }, trustStore);
    expect(first.amount).to.equal(rewardOf(2n * ETHER_AMOUNT, weights, 0));
    expect((await balanceOf(accountAt(7))) - untouched).to.equal(first.amount);
    const second = await claimReward(providers[1], round, {}, trustStore);
    expect(second.amount).to.equal(rewardOf(2n * ETHER_AMOUNT, weights, 1) - amount);
    const third = await claimReward(providers[2], round, {}, trustStore);
    expect(third).to.deep.include({ amount: 0n, earned: 0n, transaction: null });

    await world.node.advanceTime(31 * DAY);
    const { amount: dust } = await sweepRound(world.owner, round, trustStore);
    expect(dust).to.equal(2n * ETHER_AMOUNT - first.amount - amount - second.amount);
    expect(dust < 3n).to.equal(true);
  });

  it("does every step once, however often it is asked for", async () => {
    const { trustStore, providers, connection, owner } = world;
    const { provider } = connection;
    const round = await open(world);
    expect(await open(world)).to.deep.equal(round);
    expect((await open(world, { label: "another" })).roundId).to.not.equal(round.roundId);
    const disclosure = await disclose(world, round, 0);
    expect(await disclose(world, round, 0)).to.deep.equal(disclosure);
    const receipt = (await acceptDisclosure(owner, disclosure)).message;
    expect((await acceptDisclosure(owner, disclosure)).message).to.deep.equal(receipt);
    const counts = async () =>
      Promise.all([owner, ...providers].map((each) => provider.getTransactionCount(each.wallet.address)));
    await registerContribution(providers[0], round, receipt, trustStore);
    await fund(round);
    const registered = await counts();
    await registerContribution(providers[0], round, receipt, trustStore);
    expect((await fund(round)).sent).to.equal(false);
    await expectRefusal(fund(round, 5n), RoundError, /another name/);
    expect(await counts()).to.deep.equal(registered);

    await world.node.advanceTime(HOUR + 1);
    const proven = await prove(world, round);
    const again = await prove(world, round);
    expect(again.roundProof).to.deep.equal(proven.roundProof);
    expect(networkToJson(again.network)).to.deep.equal(networkToJson(proven.network));
    await submitRound(owner, round, proven.roundProof, trustStore);
    await claimReward(providers[0], round, {}, trustStore);
    const claimed = await counts();
    expect((await submitRound(providers[1], round, proven.roundProof, trustStore)).sent).to.equal(false);
    expect((await claimReward(providers[0], round, {}, trustStore)).amount).to.equal(0n);
    expect(await counts()).to.deep.equal(claimed);
  });

  it("splits the pool equally when no proof came, and pays nothing back to the owner", async () => {
    const { trustStore, providers, stranger } = world;
    const round = await open(world);
    await register(world, round, [0, 2]);
    await fund(round);
    await expectRefusal(settleRound(stranger, round, trustStore), RoundTimeError, /after 20/);
    await expectRefusal(claimReward(providers[2], round, {}, trustStore), RoundTimeError, /no proof/);
    await world.node.advanceTime(HOUR + DAY + 1);
    await expectRefusal(prove(world, round), RoundTimeError, /round settle/);
    expect((await settleRound(stranger, round, trustStore)).state).to.equal("equal");
    expect((await settleRound(stranger, round, trustStore)).sent).to.equal(false);
    await expectRefusal(sweepRound(world.owner, round, trustStore), RoundTimeError, /may claim/);
    const half = rewardOf(ETHER_AMOUNT, equalWeights(2), 1);
    expect((await claimReward(providers[2], round, {}, trustStore)).amount).to.equal(half);
    const { equal, providers: seen } = await roundStatus(world.connection, round);
    expect(equal).to.equal(true);
    expect(seen.map(({ earned, paid }) => [earned, paid])).to.deep.equal([
      [half, 0n],
      [half, half],
    ]);
  });

  it("goes back to its owner when nobody was accepted", async () => {
    const { trustStore, owner, stranger } = world;
    const round = await open(world);
    await fund(round);
    await expectRefusal(fund(round, 1n, "x", stranger), RoundError, /nobody was accepted/);
    await world.node.advanceTime(HOUR + 1);
    expect((await settleRound(stranger, round, trustStore)).state).to.equal("refunded");
    await expectRefusal(sweepRound(stranger, round, trustStore), RoundError, /only the round's owner/);
    expect((await sweepRound(owner, round, trustStore)).amount).to.equal(ETHER_AMOUNT);
    await expectRefusal(fund(round, 1n, "y"), RoundTimeError, /over/);
  });

  it("leaves an hour for the proof and 30 days for claims, or is not opened", async () => {
    await expectRefusal(open(world, { submission: HOUR - 1 }), RoundError, /less than an hour/);
    await expectRefusal(open(world, { claims: 30 * DAY - 1 }), RoundError, /less than 30 days/);
    const { registrationUntil, submissionUntil } = (await open(world, { submission: HOUR })).terms;
    expect(submissionUntil - registrationUntil).to.equal(HOUR);
  });

  it("refuses what is for another account, round or time", async () => {
    const { trustStore, providers, owner, stranger } = world;
    const round = await open(world);
    const other = await open(world, { label: "other" });
    const disclosure = await disclose(world, round, 0);
    await expectRefusal(acceptDisclosure(stranger, disclosure), JournalError, /no round of yours/);
    const changed = { ...disclosure, payee: walletAddress(stranger.wallet) };
    await expectRefusal(acceptDisclosure(owner, changed), RoundError, /does not open/);
    await expectRefusal(
      acceptDisclosure(owner, { ...disclosure, roundId: other.roundId }),
      RoundError,
      /does not open/,
    );
    const receipt = (await acceptDisclosure(owner, disclosure)).message;
    await expectRefusal(registerContribution(providers[1], round, receipt, trustStore), RoundError, /receipt is for/);
    await expectRefusal(registerContribution(providers[0], other, receipt, trustStore), RoundError, /another round/);
    const forged = { ...receipt, receipt: (await accept(world, round, 1)).receipt };
    await expectRefusal(registerContribution(providers[0], round, forged, trustStore), RoundError, /not signed by/);
    await expectRefusal(prove(world, round), RoundTimeError, /may register until/);
    await world.node.advanceTime(HOUR + 1);
    await expectRefusal(registerContribution(providers[0], round, receipt, trustStore), RoundTimeError, /ended at/);
    await expectRefusal(disclose(world, round, 1), RoundTimeError, /ended at/);
  });

  it("does not relay a consent that was taken back, has ended or was changed", async () => {
    const { trustStore, providers, stranger } = world;
    const round = await open(world);
    const receipt = await accept(world, round, 0);
    const consent = await signConsent(providers[0], round, receipt, trustStore);
    expect(await signConsent(providers[0], round, receipt, trustStore)).to.deep.equal(consent);
    const later = { ...consent, consent: { ...consent.consent, deadline: consent.consent.deadline + 1 } };
    await expectRefusal(relayConsent(stranger, round, later, trustStore), RoundError, /not signed by/);
    await revokeConsents(providers[0], round);
    await expectRefusal(relayConsent(stranger, round, consent, trustStore), RoundError, /taken back/);
    const { firstValidNonce } = await revokeConsents(providers[0], round);
    const fresh = await signConsent(providers[0], round, receipt, trustStore);
    expect(fresh.consent.nonce).to.equal(firstValidNonce);
    expect((await relayConsent(stranger, round, fresh, trustStore)).slot).to.equal(0);
  });

  it("relays a consent though another one was used in another round", async () => {
    const { trustStore, providers, stranger } = world;
    const rounds = [await open(world), await open(world, { label: "other" })] as const;
    const consents = [];
    for (const round of rounds) {
      consents.push(await signConsent(providers[0], round, await accept(world, round, 0), trustStore));
    }
    for (const [index, round] of rounds.entries()) {
      expect((await relayConsent(stranger, round, consents[index]!, trustStore)).slot).to.equal(0);
    }
  });

  it("names the provider whose disclosure is missing, and goes on when it is handed in again", async () => {
    const round = await open(world);
    const second = await disclose(world, round, 1);
    await register(world, round, [0, 1]);
    await world.node.advanceTime(HOUR + 1);
    // The owner's journal as a backup might have it, from before the second disclosure came.
    await world.owner.journal.placeRecord(OWNED_ROUNDS, roundIdToHex(round.roundId), async (existing) => ({
      ...existing!,
      disclosures: existing!.disclosures.slice(0, 1),
    }));
    await expectRefusal(prove(world, round), RoundError, new RegExp(second.payee));
    await acceptDisclosure(world.owner, second);
    expect((await prove(world, round)).solution.values).to.have.length(2);
  });

  it("refuses a proof that was changed, before anything is sent", async () => {
    const { trustStore, stranger } = world;
    const round = await open(world);
    await register(world, round, [0, 1]);
    await world.node.advanceTime(HOUR + 1);
    const { roundProof } = await prove(world, round);
    const values = [roundProof.result.values[0]! + 1n, roundProof.result.values[1]!];
    const forged = { ...roundProof, result: { ...roundProof.result, values } };
    const count = await world.connection.provider.getTransactionCount(stranger.wallet.address);
    await expectRefusal(submitRound(stranger, round, forged, trustStore), RewardsRevertError, /InvalidProof/);
    expect(await world.connection.provider.getTransactionCount(stranger.wallet.address)).to.equal(count);
    await submitRound(stranger, round, roundProof, trustStore);
    await expectRefusal(submitRound(stranger, round, forged, trustStore), RoundError, /another result/);
  });

  it("keeps salts, rows and model in private files only", async () => {
    const round = await open(world);
    await register(world, round, [0]);
    await world.node.advanceTime(HOUR + 1);
    const { roundProof, modelSalt } = await prove(world, round);
    const { home } = world.owner.journal;
    const record = join(home, "rounds", `${roundIdToHex(round.roundId)}.json`);
    const salt = fieldToHex(modelSalt);
    expect(await readFile(record, "utf8")).to.contain(salt);
    expect((await stat(record)).mode & 0o777).to.equal(0o600);
    for (const text of [encodeRoundProof(roundProof), encodeRoundFile(round)]) expect(text).to.not.contain(salt);
  });
});
