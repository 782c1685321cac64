import type { Hex } from "@zkcmp/sale/hex";
import { BLOCK_SEED_ADDRESS, blockSeedCalls, deployBlockSeed, drawnSeed, seedBlock } from "../block-seed.ts";
import { chainTime, type Waiting } from "../network-connection.ts";
import type { Party } from "../party.ts";
import type { MinedTransaction } from "../transaction.ts";
import { checkRound, type TrustStorePath } from "./rewards-check.ts";
import { RoundTimeError } from "./round-error.ts";
import type { RoundFile } from "./round-file.ts";
import { doOnce, plainCall } from "./round-transaction.ts";

/** For how many blocks the chain shows a block's hash (BlockSeed, HASHES_SHOWN). */
const HASHES_SHOWN = 256n;

/** Where a round's public seed stands. */
export interface SeedProgress {
  /** 32 bytes; null until the seed is drawn. */
  readonly seed: Hex | null;
  /** The block whose hash makes the seed. */
  readonly seedBlock: bigint;
  /** What was sent by this call, if anything. */
  readonly transaction: MinedTransaction | null;
}

/**
 * Takes a round's public seed one step further; anybody can: fixes its block, draws it once that block is mined, or fixes another
 * block if nobody drew in time. BlockSeed is deployed first where the chain lacks it.
 * @throws {RoundTimeError} while providers may still register: a seed known by then could be chosen for
 * @throws {RewardsCodeError}, {RewardsRevertError}, {OutOfFundsError}, {TransactionError}, {WaitingError}
 */
export async function advanceSeed(
  party: Party,
  round: RoundFile,
  trustStore: TrustStorePath,
  waiting: Waiting = {},
): Promise<SeedProgress> {
  const { connection, wallet } = party;
  const { provider } = connection;
  const { rewards, roundId, terms } = round;
  await checkRound(connection, round, trustStore);
  if ((await chainTime(connection)) <= terms.registrationUntil) {
    throw new RoundTimeError(
      `the seed can be fixed after ${new Date(1000 * terms.registrationUntil).toISOString()}`,
      "Until then providers may register.",
    );
  }
  await deployBlockSeed(connection, wallet);
  const drawn = () => drawnSeed(provider, rewards, roundId);
  const fixed = () => seedBlock(provider, rewards, roundId);

  const known = await fixed();
  const seed = await drawn();
  if (known !== null && seed !== null) return { seed, seedBlock: known, transaction: null };
  // A transaction that is sent now is mined in the next block at the earliest.
  const next = BigInt(await provider.getBlockNumber()) + 1n;
  if (known === null || next > known + HASHES_SHOWN) {
    const { seen, transaction } = await doOnce(
      party,
      { roundId, name: `seed-block-after-${known ?? 0n}`, what: "fixing the seed's block" },
      async () => {
        const block = await fixed();
        return block === known ? null : block;
      },
      async () => plainCall(BLOCK_SEED_ADDRESS, blockSeedCalls.arm(rewards, roundId)),
      waiting,
    );
    return { seed: null, seedBlock: seen, transaction };
  }
  if (next <= known) return { seed: null, seedBlock: known, transaction: null };
  const { seen, transaction } = await doOnce(
    party,
    { roundId, name: `seed-of-${known}`, what: "drawing the seed" },
    drawn,
    async () => plainCall(BLOCK_SEED_ADDRESS, blockSeedCalls.draw(rewards, roundId)),
    waiting,
  );
  return { seed: seen, seedBlock: known, transaction };
}
