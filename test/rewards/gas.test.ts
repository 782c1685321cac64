import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import hre from "hardhat";
import {
  ethers,
  fundRound,
  goodValues,
  makeConsent,
  makeTerms,
  networkHelpers,
  nextTimestamp,
  openRound,
  proofOf,
  registeredRound,
  registerProvider,
  resultOf,
  standardWorld,
  submitRound,
  type RoundWorld,
} from "./fixture.ts";

/**
 * The bars of the issue, and what else is worth knowing: whole transactions of plain accounts. Gas is deterministic. A claim
 * of ether into an account that does not exist yet has a bar of its own: the EVM charges 25,000 for making it (and more for its
 * first look at it), whoever sends the ether.
 */
const bars = {
  submit: 330_000n,
  claimEther: 75_000n,
  claimEtherIntoNewAccount: 95_000n,
  claimToken: 95_000n,
  open: 200_000n,
  register: 175_000n,
  registerFor: 210_000n,
  fund: 60_000n,
} as const;
const codeSizeLimit = 24_576;

async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<bigint> {
  const receipt = await (await sent).wait();
  expect(receipt?.status).to.equal(1);
  return receipt!.gasUsed;
}

/** Half of the values are negative: their words cost the most as calldata. */
function mixedValues(round: RoundWorld): bigint[] {
  return goodValues(round).map((value, index) => (index % 2 === 0 ? value * 17n : -value));
}

async function tenProviders(changes = {}): Promise<RoundWorld> {
  return registeredRound(await networkHelpers.loadFixture(standardWorld), 10, changes);
}

describe("ShapleyRewards, gas and size", () => {
  it(`submits with 10 providers and the real verifier with at most ${bars.submit} gas`, async () => {
    const round = await tenProviders();
    const result = resultOf(mixedValues(round));
    const proof = await proofOf(round, result);
    await nextTimestamp(round.terms.registrationUntil + 1n);
    const gas = await gasOf(round.rewards.connect(round.owner).submit(round.roundId, proof, result));
    expect(gas <= bars.submit).to.equal(true);
  });

  it(`claims ether into an account that exists with at most ${bars.claimEther} gas`, async () => {
    const round = await tenProviders();
    await fundRound(round);
    const result = await submitRound(round, mixedValues(round));
    const [provider] = round.providers;
    const gas = await gasOf(round.rewards.connect(provider).claim(round.roundId, result, provider!));
    expect(gas <= bars.claimEther).to.equal(true);
  });

  it(`claims ether into an account that does not exist yet with at most ${bars.claimEtherIntoNewAccount} gas`, async () => {
    const round = await tenProviders();
    await fundRound(round);
    const result = await submitRound(round, mixedValues(round));
    const [provider] = round.providers;
    const fresh = ethers.Wallet.createRandom().address;
    const gas = await gasOf(round.rewards.connect(provider).claim(round.roundId, result, fresh));
    // The surcharge shows, so the account was none.
    expect(gas > bars.claimEther && gas <= bars.claimEtherIntoNewAccount).to.equal(true);
  });

  it(`claims tokens with at most ${bars.claimToken} gas, into an account that has none`, async () => {
    const world = await networkHelpers.loadFixture(standardWorld);
    const round = await registeredRound(world, 10, { token: await world.token.getAddress() });
    await fundRound(round);
    const result = await submitRound(round, mixedValues(round));
    const [provider] = round.providers;
    await world.token.connect(provider).transfer(world.owner, await world.token.balanceOf(provider!));
    const gas = await gasOf(round.rewards.connect(provider).claim(round.roundId, result, provider!));
    expect(gas <= bars.claimToken).to.equal(true);
  });

  it(`opens with at most ${bars.open} gas`, async () => {
    const { rewards, owner } = await networkHelpers.loadFixture(standardWorld);
    expect((await gasOf(rewards.connect(owner).open(await makeTerms()))) <= bars.open).to.equal(true);
  });

  it(`registers with at most ${bars.register} gas`, async () => {
    const round = await openRound(await networkHelpers.loadFixture(standardWorld));
    expect((await gasOf(registerProvider(round, round.providers[0]!))) <= bars.register).to.equal(true);
    expect((await gasOf(registerProvider(round, round.providers[1]!))) <= bars.register).to.equal(true);
  });

  it(`registers by a relayer with at most ${bars.registerFor} gas`, async () => {
    const round = await openRound(await networkHelpers.loadFixture(standardWorld));
    const { consent, consentSignature, receipt } = await makeConsent(round, round.providers[0]!);
    const gas = await gasOf(round.rewards.registerFor(round.roundId, consent, consentSignature, receipt));
    expect(gas <= bars.registerFor).to.equal(true);
  });

  it(`funds in ether with at most ${bars.fund} gas`, async () => {
    const round = await tenProviders();
    expect((await gasOf(fundRound(round))) <= bars.fund).to.equal(true);
  });

  for (const contract of ["ShapleyRewards", "RewardsVerifier"]) {
    it(`${contract} fits into ${codeSizeLimit} bytes of runtime code`, async () => {
      const { deployedBytecode } = await hre.artifacts.readArtifact(contract);
      expect((deployedBytecode.length - 2) / 2).to.be.at.most(codeSizeLimit);
    });
  }
});
