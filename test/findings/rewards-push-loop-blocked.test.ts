import { expect } from "chai";
import {
  commitmentOf,
  ethers,
  fundRound,
  goodValues,
  networkHelpers,
  openRound,
  POOL,
  registerProvider,
  signReceipt,
  standardWorld,
  submitRound,
} from "../rewards/fixture.ts";

/**
 * The attack: one call pays everybody in a loop. A single provider whose account refuses ether, or burns all gas, makes that
 * call revert for ever, and nobody is paid.
 * Refused because each provider is paid by a call of its own.
 */
describe("finding: push loop blocked by one receiver", () => {
  for (const [text, mood] of [
    ["refuses ether", 1n],
    ["burns all gas", 3n],
  ] as const) {
    it(`pays the others when one of them ${text}`, async () => {
      const round = await openRound(await networkHelpers.loadFixture(standardWorld));
      const { rewards, roundId, owner, providers } = round;
      const blocker = await ethers.deployContract("MoodyAccount");
      const payee = await blocker.getAddress();
      const commitment = commitmentOf(payee);
      const receipt = await signReceipt(round, owner, payee, commitment);
      await blocker.execute(rewards, rewards.interface.encodeFunctionData("register", [roundId, commitment, receipt]));
      round.entries.push({ payee, commitment });
      for (const provider of providers.slice(0, 2)) await registerProvider(round, provider);
      await fundRound(round);
      const result = await submitRound(round, goodValues(round));
      await blocker.setMood(mood);

      await expect(rewards.claimFor(roundId, result, blocker, { gasLimit: 1_000_000n })).to.revert(ethers);
      for (const [index, provider] of providers.slice(0, 2).entries()) {
        await expect(rewards.claimFor(roundId, result, provider)).to.changeEtherBalance(
          ethers,
          provider,
          (POOL * BigInt(index + 2)) / 6n,
        );
      }
    });
  }
});
