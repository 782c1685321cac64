import { ETHER } from "@zkcmp/sale/order";
import { chainTime, type Waiting } from "../network-connection.ts";
import type { Party } from "../party.ts";
import { approveExactly, requireBalance } from "../token.ts";
import { type MinedTransaction, minedTransaction } from "../transaction.ts";
import { walletAddress } from "../account.ts";
import { checkRound, type TrustStorePath } from "./rewards-check.ts";
import { RewardsContract, rewardsCalls } from "./rewards-contract.ts";
import { RoundError, RoundTimeError } from "./round-error.ts";
import type { OpenedRound } from "./round-file.ts";
import { sendRecorded, withRoundTransaction } from "./round-transaction.ts";

/** A payment into a round. */
export interface RoundPayment {
  /** In units of the round's token (wei for ether). */
  readonly amount: bigint;
  /** Payments of one name are made once: letters, digits, - and _. */
  readonly name: string;
}

/**
 * Pays into the pool of a round; in tokens, after an approval of exactly the amount. A payment of one name is made once,
 * however often this is run.
 * @returns the pool with it
 * @throws {RoundError} for another amount than was paid under this name, or before anybody was accepted
 * @throws {RoundTimeError}, {RewardsCodeError}, {TokenError}, {RewardsRevertError}, {OutOfFundsError}, {TransactionError}
 */
export async function fundRound(
  party: Party,
  round: OpenedRound,
  { amount, name }: RoundPayment,
  trustStore: TrustStorePath,
  waiting: Waiting = {},
): Promise<{ transaction: MinedTransaction; pool: bigint; sent: boolean }> {
  const { connection } = party;
  const { rewards, roundId, terms } = round;
  const action = { roundId, name: `fund-${name}`, what: "the payment" };
  const contract = new RewardsContract(connection.provider, rewards);
  return withRoundTransaction(party, action, async (record) => {
    const earlier = record.value.amount;
    if (earlier !== undefined && earlier !== amount && record.value.transaction !== undefined) {
      throw new RoundError(
        `the payment "${name}" was of ${earlier}, not of ${amount}`,
        "Give another payment another name with --payment.",
      );
    }
    const { stored } = await checkRound(connection, round, trustStore);
    const mined = await minedTransaction(connection, record.value.transaction);
    if (mined !== null) return { transaction: mined, pool: stored.pool, sent: false };

    const owner = walletAddress(party.wallet);
    if (stored.state === "refunded" || stored.state === "swept" || (await chainTime(connection)) > terms.claimUntil) {
      throw new RoundTimeError("the round is over, nobody could claim what is paid now", "Do not fund it.");
    }
    if (stored.providers === 0 && owner !== round.owner) {
      throw new RoundError("nobody was accepted in the round yet", "Fund it once a provider is registered.");
    }
    await record.write({ amount });
    const call = { to: rewards, data: rewardsCalls.fund(roundId, amount), value: terms.token === ETHER ? amount : 0n };
    if (terms.token !== ETHER && record.value.transaction === undefined) {
      const payment = { token: terms.token, owner, spender: rewards, amount };
      await requireBalance(party, payment);
      const approval = {
        last: () => record.value.approve,
        write: async (approve: typeof record.value.approve) => record.write({ approve }),
      };
      await approveExactly(party, payment, approval, waiting);
    }
    const transaction = await sendRecorded(party, action, record, call, waiting);
    return { transaction, pool: (await contract.round(roundId)).pool, sent: true };
  });
}
