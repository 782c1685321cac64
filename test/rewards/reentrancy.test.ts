import { expect } from "chai";
import { zeroPadBytes, type Interface } from "ethers";
import type { HookToken, MoodyAccount } from "../../types/ethers-contracts/index.js";
import {
  commitmentOf,
  DAY,
  ethers,
  fundRound,
  makeConsent,
  makeTerms,
  networkHelpers,
  NO_RESULT,
  openRound,
  POOL,
  proofOf,
  registerProvider,
  resultOf,
  signReceipt,
  standardWorld,
  submitRound,
  type RoundWorld,
  type Terms,
  type World,
} from "./fixture.ts";

/**
 * Every function that calls out, re-entered through every entry point, by an account that receives ether and by a token
 * with hooks. Each call inside is one that would succeed on its own, so that nothing but the guard stops it.
 */

const entryNames = [
  "open",
  "register",
  "registerFor",
  "revokeConsents",
  "fund",
  "submit",
  "settleMissed",
  "claim",
  "claimFor",
  "sweep",
] as const;
type EntryName = (typeof entryNames)[number];

interface ReentrantWorld extends World {
  readonly account: MoodyAccount;
  /** A round with something to claim for the account. */
  readonly main: RoundWorld;
  /** A round of the account with something to sweep. */
  readonly own: RoundWorld;
  /** Calldata of calls that would succeed for the account. */
  readonly entries: Readonly<Record<EntryName, string>>;
}

/** ReentrancyGuardReentrantCall(), as the first word of an answer. */
const guardError = zeroPadBytes("0x3ee5aeb5", 32);

async function reentrantWorld(): Promise<ReentrantWorld> {
  const world = await standardWorld();
  const { rewards, owner, providers, token } = world;
  const account = await ethers.deployContract("MoodyAccount");
  const payee = await account.getAddress();
  const abi: Interface = rewards.interface;
  const run = (data: string, value = 0n) => account.execute(rewards, data, { value });
  const encodeRegistration = async (round: RoundWorld): Promise<string> => {
    const receipt = await signReceipt(round, owner, payee, commitmentOf(payee));
    return abi.encodeFunctionData("register", [round.roundId, commitmentOf(payee), receipt]);
  };
  /** A round of the account itself without providers, with one wei in it. */
  const ownRound = async (salt: string, changes: Partial<Terms> = {}): Promise<RoundWorld> => {
    const terms = await makeTerms({ salt: ethers.id(salt), ...changes });
    await run(abi.encodeFunctionData("open", [terms]));
    const roundId = await rewards.roundIdOf(account, terms);
    await run(abi.encodeFunctionData("fund", [roundId, 1n]), 1n);
    return { ...world, terms, roundId, slack: 0n, entries: [] };
  };

  // Two rounds that will be split with something for the account, and one that waits for its proof.
  const main = await openRound(world, { salt: ethers.id("main") });
  const second = await openRound(world, { salt: ethers.id("second") });
  const unproven = await openRound(world, { salt: ethers.id("unproven") });
  for (const round of [main, second]) {
    await run(await encodeRegistration(round));
    round.entries.push({ payee, commitment: commitmentOf(payee) });
    await fundRound(round);
  }
  await registerProvider(unproven, providers[0]!);
  const refunded = await ownRound("refunded");
  const own = await ownRound("own");
  const abandoned = await openRound(world, { salt: ethers.id("abandoned") });
  await networkHelpers.time.increaseTo(main.terms.registrationUntil + DAY);
  await submitRound(main, [1n]);
  await submitRound(second, [1n]);
  for (const round of [refunded, own]) await rewards.settleMissed(round.roundId);

  // One round that is still open, in tokens of which the account has some.
  const open = await openRound(world, { salt: ethers.id("open"), token: await token.getAddress() });
  await registerProvider(open, providers[1]!);
  await token.mint(account, POOL);
  await account.execute(token, token.interface.encodeFunctionData("approve", [await rewards.getAddress(), POOL]));
  const relayed = await makeConsent(open, providers[2]!);
  const proven = resultOf([5n]);
  const fresh = await makeTerms({ salt: ethers.id("fresh") });
  return {
    ...world,
    account,
    main,
    own,
    entries: {
      open: abi.encodeFunctionData("open", [fresh]),
      register: await encodeRegistration(open),
      registerFor: abi.encodeFunctionData("registerFor", [
        open.roundId,
        relayed.consent,
        relayed.consentSignature,
        relayed.receipt,
      ]),
      revokeConsents: abi.encodeFunctionData("revokeConsents", [5n]),
      fund: abi.encodeFunctionData("fund", [open.roundId, 5n]),
      submit: abi.encodeFunctionData("submit", [unproven.roundId, await proofOf(unproven, proven), proven]),
      settleMissed: abi.encodeFunctionData("settleMissed", [abandoned.roundId]),
      claim: abi.encodeFunctionData("claim", [second.roundId, NO_RESULT, world.stranger.address]),
      claimFor: abi.encodeFunctionData("claimFor", [second.roundId, NO_RESULT, payee]),
      sweep: abi.encodeFunctionData("sweep", [refunded.roundId, world.stranger.address]),
    },
  };
}

describe("ShapleyRewards, re-entered by a recipient of ether", () => {
  for (const name of entryNames) {
    it(`would allow ${name} on its own`, async () => {
      const { rewards, account, entries } = await networkHelpers.loadFixture(reentrantWorld);
      await account.execute(rewards, entries[name]);
    });

    it(`refuses ${name} during claim, claimFor and sweep, and pays all the same`, async () => {
      const { rewards, account, main, own, entries } = await networkHelpers.loadFixture(reentrantWorld);
      await account.setReentry(rewards, entries[name]);
      const payee = await account.getAddress();
      const snapshot = await networkHelpers.takeSnapshot();

      const claim = rewards.interface.encodeFunctionData("claim", [main.roundId, NO_RESULT, payee]);
      await expect(account.execute(rewards, claim)).to.changeEtherBalance(ethers, account, POOL);
      expect([await account.succeeded(), await account.answer()]).to.deep.equal([false, guardError]);

      await snapshot.restore();
      await expect(rewards.claimFor(main.roundId, NO_RESULT, account)).to.changeEtherBalance(ethers, account, POOL);
      expect([await account.succeeded(), await account.answer()]).to.deep.equal([false, guardError]);

      await snapshot.restore();
      const sweep = rewards.interface.encodeFunctionData("sweep", [own.roundId, payee]);
      await expect(account.execute(rewards, sweep)).to.changeEtherBalance(ethers, account, 1n);
      expect([await account.succeeded(), await account.answer()]).to.deep.equal([false, guardError]);
    });
  }

  it("shows a view during a payout what is true after it", async () => {
    const { rewards, account, main } = await networkHelpers.loadFixture(reentrantWorld);
    const payee = await account.getAddress();
    await account.setReentry(
      rewards,
      rewards.interface.encodeFunctionData("claimable", [main.roundId, payee, NO_RESULT]),
    );
    await rewards.claimFor(main.roundId, NO_RESULT, account);
    expect([await account.succeeded(), BigInt(await account.answer())]).to.deep.equal([true, 0n]);
  });
});

describe("ShapleyRewards, re-entered by a token", () => {
  /** A round in a token with hooks, with a provider. */
  async function hookWorld(): Promise<ReentrantWorld & { hook: HookToken; hooked: RoundWorld }> {
    const world = await reentrantWorld();
    const hook = await ethers.deployContract("HookToken");
    await hook.mint(world.owner, 4n * POOL);
    await hook.connect(world.owner).approve(world.rewards, 4n * POOL);
    const hooked = await openRound(world, { token: await hook.getAddress(), salt: ethers.id("hooked") });
    await registerProvider(hooked, world.providers[0]!);
    return { ...world, hook, hooked };
  }

  for (const afterwards of [false, true]) {
    for (const name of entryNames) {
      it(`refuses ${name} ${afterwards ? "after" : "before"} the balances change, in fund, claim and sweep`, async () => {
        const { rewards, entries, hook, hooked, owner, providers } = await networkHelpers.loadFixture(hookWorld);
        const expectRefused = async () =>
          expect([await hook.succeeded(), await hook.answer()]).to.deep.equal([false, guardError]);
        await hook.setHook(rewards, entries[name], afterwards);
        await fundRound(hooked);
        await expectRefused();
        const result = await submitRound(hooked, [1n]);
        await hook.setHook(owner, "0x", afterwards);
        await fundRound(hooked);
        await hook.setHook(rewards, entries[name], afterwards);
        await rewards.claimFor(hooked.roundId, result, providers[0]!);
        await expectRefused();
        await fundRound(hooked, 7n);
        await networkHelpers.time.increaseTo(hooked.terms.claimUntil + 1n);
        await rewards.connect(owner).sweep(hooked.roundId, owner);
        await expectRefused();
        expect(await hook.balanceOf(rewards)).to.equal(0n);
      });
    }
  }

  it("counts what a token moves on the side as a token that cannot be used", async () => {
    const { rewards, hook, hooked, owner } = await networkHelpers.loadFixture(hookWorld);
    await hook.setHook(hook, hook.interface.encodeFunctionData("grant", [await rewards.getAddress(), 1n]), true);
    await expect(fundRound(hooked, 10n))
      .to.be.revertedWithCustomError(rewards, "UnsupportedToken")
      .withArgs(await hook.getAddress(), 0n, 11n, 10n);
    await hook.setHook(owner, "0x", true);
    await fundRound(hooked, 10n);
    await submitRound(hooked, [1n]);
    await hook.setHook(hook, hook.interface.encodeFunctionData("grant", [await rewards.getAddress(), 11n]), true);
    await expect(rewards.claimFor(hooked.roundId, NO_RESULT, hooked.entries[0]!.payee))
      .to.be.revertedWithCustomError(rewards, "UnsupportedToken")
      .withArgs(await hook.getAddress(), 10n, 11n, 10n);
  });
});
