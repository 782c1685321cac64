import { fieldToHex } from "@zkcmp/sale/hex";
import { findTrustedKey, listTrustedKeys } from "@zkcmp/groth16/trust-store";
import { expect } from "chai";
import { commitContribution } from "@zkcmp/chain/rounds/commit-samples";
import { rewardsCalls } from "@zkcmp/chain/rounds/rewards-contract";
import { deployRewards } from "@zkcmp/chain/rounds/rewards-deployment";
import { RewardsCodeError } from "@zkcmp/chain/rounds/round-error";
import { decodeRoundFile, encodeRoundFile } from "@zkcmp/chain/rounds/round-file";
import { roundIdOf } from "@zkcmp/chain/rounds/round-terms";
import { sendTransaction } from "@zkcmp/chain/transaction";
import { walletAddress } from "@zkcmp/chain/account";
import { expectRefusal } from "../../packages/chain/test/fixture.ts";
import {
  open,
  openRoundWorld,
  PROVIDER_SAMPLES,
  type RoundWorld,
  SHAPE,
} from "../../packages/chain/test/rounds/fixture.ts";

/*
 * The attack: an "owner" wants rows for nothing. He deploys the very ShapleyRewards, but with a verifier of a key whose secrets he
 * knows, so that he can later prove whatever values he likes (all for an account of his own). The round in it is real, its id
 * hashes its terms, and the round file is in order. A provider who looks at the file and the round alone would send the rows.
 * The answer: before any row is committed to, the contract's address must be the one that belongs to a key which the provider has
 * verified, and its code with all immutables the expected one.
 */
describe("finding: rows for a contract whose verifier its owner can fool", function () {
  this.timeout(60_000);
  let world: RoundWorld;
  before(async () => {
    world = await openRoundWorld();
  });
  after(async () => {
    await world.close();
    await (globalThis as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128?.terminate();
  });

  it("is refused before anything is written down or shown", async () => {
    const { connection, owner, trustStore, providers } = world;
    const [entry] = await listTrustedKeys(trustStore);
    const { verificationKey } = await findTrustedKey(trustStore, entry!.zkeySha256, { development: true });
    const [first, second, ...others] = verificationKey.ic;
    const ownKey = { ...verificationKey, ic: [second!, first!, ...others] };
    const { rewards } = await deployRewards(connection, owner.wallet, ownKey, SHAPE);
    const honest = await open(world);
    const terms = { ...honest.terms, salt: fieldToHex(honest.terms.validationCommitment) };
    const place = { ...honest, rewards, terms };
    await sendTransaction(connection, owner.wallet, { to: rewards, data: rewardsCalls.open(terms), value: 0n });
    const round = decodeRoundFile(encodeRoundFile({ ...place, roundId: roundIdOf(place) }), "round.json");

    const { journal, wallet } = providers[0];
    const commit = (file: typeof round) =>
      commitContribution(connection, journal, file, walletAddress(wallet), PROVIDER_SAMPLES[0]!, trustStore);
    await expectRefusal(commit(round), RewardsCodeError, /a key that you verified/);
    expect(await journal.recordNames({ folder: "samples" })).to.deep.equal([]);
    expect((await commit(honest)).disclosure.samples).to.deep.equal(PROVIDER_SAMPLES[0]);
  });
});
