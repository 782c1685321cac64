import type { Address } from "@zkcmp/sale/order";
import { checkEscrowCode } from "../escrow-check.ts";
import { EscrowContract, escrowCalls, explainRevert } from "../escrow-contract.ts";
import type { Waiting } from "../network-connection.ts";
import type { Party } from "../party.ts";
import { type MinedTransaction, minedTransaction } from "../transaction.ts";
import { checkRound, type TrustStorePath } from "./rewards-check.ts";
import type { OpenedRound } from "./round-file.ts";
import { plainCall, sendRecorded, withRoundTransaction } from "./round-transaction.ts";

/**
 * Moves what sales have set aside for a round from the escrow into its pool; anybody can.
 * @returns amount 0 and the last transaction of this account if nothing waits
 * @throws {EscrowCodeError}, {RewardsCodeError}, {EscrowRevertError}, {OutOfFundsError}, {TransactionError}, {WaitingError}
 */
export async function forwardReward(
  party: Party,
  round: OpenedRound,
  escrow: Address,
  trustStore: TrustStorePath,
  waiting: Waiting = {},
): Promise<{ amount: bigint; transaction: MinedTransaction | null }> {
  const { connection, journal } = party;
  const { roundId, rewards, terms } = round;
  await checkRound(connection, round, trustStore);
  await checkEscrowCode(connection, escrow, journal);
  const action = {
    roundId,
    name: `forward-${escrow}`,
    what: "the forwarding",
    explain: explainRevert,
  };
  return withRoundTransaction(party, action, async (record) => {
    const amount = await new EscrowContract(connection.provider, escrow).rewardCredit(rewards, roundId, terms.token);
    if (amount === 0n) {
      return { amount, transaction: await minedTransaction(connection, record.value.transaction) };
    }
    const call = plainCall(escrow, escrowCalls.forwardReward(rewards, roundId, terms.token));
    return { amount, transaction: await sendRecorded(party, action, record, call, waiting) };
  });
}
