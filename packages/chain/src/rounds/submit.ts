import { AbiCoder, keccak256 } from "ethers";
import type { Hex } from "@zkcmp/sale/hex";
import { chainTime, type Connection, type Waiting } from "../network-connection.ts";
import type { Party } from "../party.ts";
import type { MinedTransaction } from "../transaction.ts";
import { checkRound, type TrustStorePath } from "./rewards-check.ts";
import { RewardsContract, rewardsCalls, type RoundResult } from "./rewards-contract.ts";
import { RoundError, RoundTimeError } from "./round-error.ts";
import { nameOfRound, type RoundFile } from "./round-file.ts";
import { roundHistory, type Submission } from "./round-history.ts";
import { proofWords, type RoundProof } from "./round-message.ts";
import type { RoundTerms } from "./round-terms.ts";
import { doOnce, plainCall } from "./round-transaction.ts";

/** keccak256(abi.encode(values, modelCommitment, loss)), as ShapleyRewards stores it. */
export function resultDigest({ values, modelCommitment, loss }: RoundResult): Hex {
  const types = ["int64[]", "uint256", "uint256"];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, [values, modelCommitment, loss])) as Hex;
}

/**
 * Brings the proof of a round to its contract; anybody can. The node tries the call first, so a wrong proof costs nothing. Where
 * the same result is there already nothing is sent.
 * @throws {RoundError} if another result was submitted, or the proof is of another round
 * @throws {RoundTimeError}, {RewardsCodeError}, {RewardsRevertError}, {OutOfFundsError}, {TransactionError}, {WaitingError}
 */
export async function submitRound(
  party: Party,
  round: RoundFile,
  roundProof: RoundProof,
  trustStore: TrustStorePath,
  waiting: Waiting = {},
): Promise<{ submission: Submission; transaction: MinedTransaction | null; sent: boolean }> {
  const { connection } = party;
  const { roundId, rewards, chainId, terms } = round;
  const { proof, result } = roundProof;
  if (roundProof.roundId !== roundId || roundProof.rewards !== rewards || roundProof.chainId !== chainId) {
    throw new RoundError(`the proof is of another round than the ${nameOfRound(round)}`, "Name that round's file.");
  }
  await checkRound(connection, round, trustStore);
  const contract = new RewardsContract(connection.provider, rewards);
  const { seen, transaction, sent } = await doOnce(
    party,
    { roundId, name: "submit", what: "the proof" },
    async () => {
      const stored = await contract.round(roundId);
      if (BigInt(stored.resultDigest) === 0n) return null;
      if (stored.resultDigest === resultDigest(result))
        return (await roundHistory(connection, round, roundId)).submission;
      throw new RoundError(
        "another result was submitted and proven already",
        "Nothing more can be submitted; see `zkcmp round status`.",
      );
    },
    async () => {
      await requireSubmissionTime(connection, terms);
      return plainCall(rewards, rewardsCalls.submit(roundId, proofWords(proof), result));
    },
    waiting,
  );
  return { submission: seen, transaction, sent };
}

/** @throws {RoundTimeError} while providers may still register, since all of them have to be in the proof, and after the end */
export async function requireSubmissionTime(
  connection: Connection,
  { registrationUntil, submissionUntil }: RoundTerms,
): Promise<void> {
  const now = await chainTime(connection);
  if (now <= registrationUntil) {
    throw new RoundTimeError(
      `providers may register until ${new Date(1000 * registrationUntil).toISOString()}`,
      "Wait until then: every registered provider has to be in the proof.",
    );
  }
  if (now > submissionUntil) {
    throw new RoundTimeError(
      `submission ended at ${new Date(1000 * submissionUntil).toISOString()}`,
      "Settle the round with `zkcmp round settle`: the pool is split equally.",
    );
  }
}
