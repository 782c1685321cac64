import type { Address } from "@zkcmp/sale/order";
import { chainTime, type Waiting } from "../network-connection.ts";
import type { Party } from "../party.ts";
import { type MinedTransaction, minedTransaction } from "../transaction.ts";
import { walletAddress } from "../account.ts";
import { earnedBy, weightsOfRound } from "./reward.ts";
import { checkRound, type TrustStorePath } from "./rewards-check.ts";
import { NO_RESULT, RewardsContract, rewardsCalls } from "./rewards-contract.ts";
import { RoundError, RoundTimeError } from "./round-error.ts";
import type { OpenedRound } from "./round-file.ts";
import { roundHistory } from "./round-history.ts";
import { plainCall, sendRecorded, withRoundTransaction } from "./round-transaction.ts";

/** Whose reward, and where it goes. */
export interface ClaimOptions {
  /** The provider whose reward is paid to the provider itself; the account's own reward if not given. */
  readonly payee?: Address | undefined;
  /** Where the account's own reward goes; to the account if not given. */
  readonly to?: Address | undefined;
}

/** A claim, in units of the round's token. */
export interface Claimed {
  readonly payee: Address;
  /** What the provider has earned of the pool so far. */
  readonly earned: bigint;
  /** What this claim has paid; 0 if nothing was due. */
  readonly amount: bigint;
  /** The claim, or the account's last one if nothing was due now. */
  readonly transaction: MinedTransaction | null;
}

/**
 * Claims a reward: recomputes it from the values that were proven, and sends the claim if the contract says the same. Again: pays
 * what has come into the pool since.
 * @throws {RoundError} for an account that is no provider, or a contract that would pay something else
 * @throws {RoundTimeError} before the values are proven, or after the claims
 * @throws {RewardsCodeError}, {RewardsRevertError}, {OutOfFundsError}, {TransactionError}, {WaitingError}
 */
export async function claimReward(
  party: Party,
  round: OpenedRound,
  { payee: other, to }: ClaimOptions,
  trustStore: TrustStorePath,
  waiting: Waiting = {},
): Promise<Claimed> {
  const { connection, wallet } = party;
  const { roundId, rewards, terms } = round;
  const account = walletAddress(wallet);
  const payee = other ?? account;
  const { stored } = await checkRound(connection, round, trustStore);
  const contract = new RewardsContract(connection.provider, rewards);
  const { slot, paid } = await contract.provider(roundId, payee);
  if (slot === null) throw new RoundError(`${payee} is no provider of the round`, "Name a provider of it with --for.");
  if (stored.state !== "submitted" && stored.state !== "equal") {
    throw stored.state === "swept" ? tooLate(terms.claimUntil) : notYet(terms.submissionUntil);
  }
  const history = await roundHistory(connection, round, roundId);
  const result = history.submission?.result ?? NO_RESULT;
  const earned = earnedBy(stored, weightsOfRound(stored, history), slot);
  const action = { roundId, name: `claim-${payee}`, what: "the claim" };
  return withRoundTransaction(party, action, async (record) => {
    const due = earned - paid;
    if (due === 0n) {
      const transaction = await minedTransaction(connection, record.value.transaction);
      return { payee, earned, amount: 0n, transaction };
    }
    if ((await chainTime(connection)) > terms.claimUntil) throw tooLate(terms.claimUntil);
    const claimable = await contract.claimable(roundId, payee, result);
    if (claimable !== due) {
      throw new RoundError(
        `the contract would pay ${claimable}, by the values that were proven it is ${due}`,
        "Run it again; if it stays so, please report it.",
      );
    }
    const data =
      other === undefined
        ? rewardsCalls.claim(roundId, result, to ?? account)
        : rewardsCalls.claimFor(roundId, result, other);
    const transaction = await sendRecorded(party, action, record, plainCall(rewards, data), waiting);
    return { payee, earned, amount: due, transaction };
  });
}

function notYet(submissionUntil: number): RoundTimeError {
  return new RoundTimeError(
    "no proof was submitted yet",
    `Wait for it until ${new Date(1000 * submissionUntil).toISOString()}; after that anybody can settle the round (\`zkcmp round settle\`).`,
  );
}

function tooLate(claimUntil: number): RoundTimeError {
  return new RoundTimeError(
    `rewards could be claimed until ${new Date(1000 * claimUntil).toISOString()}`,
    "What was left belongs to the owner now.",
  );
}
