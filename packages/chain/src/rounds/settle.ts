import type { Address } from "@zkcmp/sale/order";
import { chainTime, type Waiting } from "../network-connection.ts";
import type { Party } from "../party.ts";
import type { MinedTransaction } from "../transaction.ts";
import { walletAddress } from "../account.ts";
import { checkRound, type TrustStorePath } from "./rewards-check.ts";
import { RewardsContract, rewardsCalls, type RoundState } from "./rewards-contract.ts";
import { RoundError, RoundTimeError } from "./round-error.ts";
import type { OpenedRound } from "./round-file.ts";
import { doOnce, plainCall } from "./round-transaction.ts";

/**
 * Settles a round without a proof; anybody can: the pool is then split equally, or goes back to the owner if nobody was accepted.
 * @returns where the round stands; nothing is sent where it is settled already
 * @throws {RoundTimeError} while a proof may still come
 * @throws {RewardsCodeError}, {RewardsRevertError}, {OutOfFundsError}, {TransactionError}, {WaitingError}
 */
export async function settleRound(
  party: Party,
  round: OpenedRound,
  trustStore: TrustStorePath,
  waiting: Waiting = {},
): Promise<{ state: RoundState; transaction: MinedTransaction | null; sent: boolean }> {
  const { connection } = party;
  const { roundId, rewards, terms } = round;
  const { stored } = await checkRound(connection, round, trustStore);
  const contract = new RewardsContract(connection.provider, rewards);
  const { seen, transaction, sent } = await doOnce(
    party,
    { roundId, name: "settle", what: "the settlement" },
    async () => {
      const { state } = await contract.round(roundId);
      return state === "open" ? null : state;
    },
    async () => {
      const from = stored.providers === 0 ? terms.registrationUntil : terms.submissionUntil;
      if ((await chainTime(connection)) <= from) {
        throw new RoundTimeError(
          `the round can be settled after ${new Date(1000 * from).toISOString()}`,
          stored.providers === 0 ? "Until then providers may register." : "Until then a proof may be submitted.",
        );
      }
      return plainCall(rewards, rewardsCalls.settleMissed(roundId));
    },
    waiting,
  );
  return { state: seen, transaction, sent };
}

/**
 * Takes what is left of a round for its owner: after the claims, or when nobody was accepted.
 * @param to who is paid; the owner if not given
 * @throws {RoundError} for another account than the owner's
 * @throws {RoundTimeError} before its time
 * @throws {RewardsCodeError}, {RewardsRevertError}, {OutOfFundsError}, {TransactionError}, {WaitingError}
 */
export async function sweepRound(
  party: Party,
  round: OpenedRound,
  trustStore: TrustStorePath,
  to: Address = round.owner,
  waiting: Waiting = {},
): Promise<{ amount: bigint; transaction: MinedTransaction | null; sent: boolean }> {
  const { connection } = party;
  const { roundId, rewards, terms, owner } = round;
  if (walletAddress(party.wallet) !== owner) {
    throw new RoundError(`only the round's owner ${owner} can sweep it`, "Use that account.");
  }
  const { stored } = await checkRound(connection, round, trustStore);
  const contract = new RewardsContract(connection.provider, rewards);
  const { transaction, sent } = await doOnce(
    party,
    { roundId, name: "sweep", what: "the sweep" },
    async () => ((await contract.round(roundId)).state === "swept" ? true : null),
    async () => {
      if (stored.state !== "refunded" && (await chainTime(connection)) <= terms.claimUntil) {
        throw new RoundTimeError(
          `what is left can be swept after ${new Date(1000 * terms.claimUntil).toISOString()}`,
          stored.state === "open" && stored.providers === 0
            ? "If nobody registers, settle the round after the end of registration: then it can be swept at once."
            : "Until then providers may claim.",
        );
      }
      return plainCall(rewards, rewardsCalls.sweep(roundId, to));
    },
    waiting,
  );
  const { pool, claimed } = await contract.round(roundId);
  return { amount: pool - claimed, transaction, sent };
}
