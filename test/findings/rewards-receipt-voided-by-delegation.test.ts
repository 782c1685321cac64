import { expect } from "chai";
import {
  commitmentOf,
  ethers,
  fundRound,
  makeConsent,
  networkHelpers,
  nextTimestamp,
  openRound,
  signReceipt,
  standardWorld,
  stateOf,
  State,
  storedProvider,
  type RoundWorld,
} from "../rewards/fixture.ts";

/**
 * The attack: an owner collects rows and gives receipts. Then, in front of every registration, it delegates its account to code that
 * calls no signature valid (EIP-7702), for one block each or for good. If the code is asked first, no receipt is good any more
 * though the owner's key has signed all of them: nobody registers, the round is refunded, the owner has the rows and the pool.
 * A provider who uses a smart wallet's delegation would shut itself out in the same way, without any ill will.
 * Refused because a signature by the account's own key counts, whatever code the account delegates to, in the contract as in the clients.
 */
describe("finding: receipt voided by delegation", () => {
  async function fundedRound(): Promise<RoundWorld> {
    const round = await openRound(await standardWorld());
    await fundRound(round);
    return round;
  }

  const delegated = new Set<string>();

  /** Delegates an account to code, unless told otherwise to code that knows no signature. */
  async function delegate(account: { readonly address: string }, to?: string): Promise<void> {
    const code = to ?? (await (await ethers.deployContract("MoodyAccount")).getAddress());
    await networkHelpers.setCode(account.address, ethers.concat(["0xef0100", code]));
    delegated.add(account.address);
  }

  // The tests of other files go on in the same chain.
  afterEach(async () => {
    for (const address of delegated) await networkHelpers.setCode(address, "0x");
    delegated.clear();
  });

  it("takes the receipt of an owner who has delegated since", async () => {
    const round = await networkHelpers.loadFixture(fundedRound);
    const { rewards, roundId, owner, providers, terms } = round;
    const { address } = providers[0]!;
    const receipt = await signReceipt(round, owner, address, commitmentOf(address));
    await delegate(owner);
    await rewards.connect(providers[0]).register(roundId, commitmentOf(address), receipt);
    expect((await storedProvider(round, address)).slotPlusOne).to.equal(1n);

    // So nothing comes back to the owner for having brought no proof.
    await nextTimestamp(terms.submissionUntil + 1n);
    await rewards.connect(round.stranger).settleMissed(roundId);
    expect(await stateOf(round)).to.equal(State.Equal);
  });

  it("takes the consent of a provider who has delegated, before or after signing", async () => {
    for (const before of [true, false]) {
      const round = await networkHelpers.loadFixture(fundedRound);
      const [provider] = round.providers;
      if (before) await delegate(provider!);
      const { consent, consentSignature, receipt } = await makeConsent(round, provider!);
      if (!before) await delegate(provider!);
      await round.rewards.connect(round.stranger).registerFor(round.roundId, consent, consentSignature, receipt);
      expect((await storedProvider(round, provider!.address)).slotPlusOne).to.equal(1n);
    }
  });

  it("still asks the code for what the key has not signed", async () => {
    const round = await networkHelpers.loadFixture(fundedRound);
    const { rewards, roundId, owner, stranger, providers } = round;
    const { address } = providers[0]!;
    const commitment = commitmentOf(address);
    const byStranger = await signReceipt(round, stranger, address, commitment);
    const register = () => rewards.connect(providers[0]).register(roundId, commitment, byStranger);
    await delegate(owner);
    await expect(register()).to.be.revertedWithCustomError(rewards, "InvalidReceipt");
    const wallet = await ethers.deployContract("SigningWallet", [stranger.address]);
    await delegate(owner, await wallet.getAddress());
    await register();
  });
});
