import { Interface } from "ethers";
import type { FieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import { shareOf } from "@zkcmp/sale/deal";
import type { Hex } from "@zkcmp/sale/hex";
import { type Address, ETHER } from "@zkcmp/sale/order";
import { commitKey } from "@zkcmp/sale/seal";
import { hasKey, NotSentError, walletAddress } from "../account.ts";
import { checkEscrowCode } from "../escrow-check.ts";
import { type Deal, EscrowContract, escrowCalls, explainRevert, finalDeal } from "../escrow-contract.ts";
import { METHOD_NOT_FOUND, RpcError } from "../json-rpc.ts";
import { chainTime, type Connection, type Waiting } from "../network-connection.ts";
import { type Party, requireChain, sendAs } from "../party.ts";
import type { SaleRecord } from "../sale-record.ts";
import {
  type Call,
  type MinedTransaction,
  minedTransaction,
  nothingSent,
  requireFunds,
  type TransactionRecord,
  UnansweredError,
} from "../transaction.ts";
import { askWalletNode } from "../wallet-node.ts";

/** The key must not be shown now; says why and what to do. It has not left this machine. */
export class RedeemError extends ZkcmpError {}

/**
 * Seconds before `refundableFrom` at which the key is no longer broadcast: the larger of 1 hour and a quarter of the
 * time to redeem. From `refundableFrom` on, the buyer could read a waiting key and be refunded.
 */
export function redeemMargin(timeToRedeem: number): number {
  return Math.max(3600, Math.ceil(timeToRedeem / 4));
}

/**
 * Gas of a redemption: what the contract asks for before it pays (push and reserve), and what it needs up to there. An
 * estimate would show the key to the node before it is known that all is well.
 */
const REDEEM_GAS = { ether: 350_000n, token: 500_000n } as const;

/** Gas that the contract leaves to a token for a payment, and the base price of a transaction. */
const TOKEN_PAYMENT_GAS = `0x${(190_000 + 21_000).toString(16)}`;

const erc20 = new Interface(["function transfer(address to, uint256 amount)"]);

export interface RedeemOptions extends Waiting {
  /** Sends once more although it is too late: only where a copy of the key may be out already. */
  readonly keyIsPublic?: boolean;
  /** Shows the key although the token refuses to pay the seller now, for a credit that it may never pay out. */
  readonly acceptCredit?: boolean;
  /** Replaces a transaction that waits for too long by one that pays more. */
  readonly raiseFee?: boolean;
}

/**
 * Opens the key on chain, which pays the seller. Shows the key to nobody before all of this holds: the escrow's code
 * is right, the deal is funded in the state of the `finalized` block, now + {@link redeemMargin} < refundableFrom, the
 * key opens E (computed here), a token would pay the seller, no earlier transaction of the account holds this one up,
 * a wallet's own node says the same of escrow and deal, and the account can pay the gas. Then the call is simulated (eth_call) and sent, both to
 * `connection.relay`. A simulation shows the key to the node that runs it: with a node of someone else's, name a private relay. A
 * wallet shows the key to its own node and cannot use a relay; if it refuses, the journal keeps that the key may be known. Again
 * after a crash: finds the receipt, or sends the same transaction once more.
 * @returns "credited" if the seller's account or the token refused the payment, see {@link withdrawCredit}
 * @throws {RedeemError} if one of the conditions does not hold
 * @throws {OutOfFundsError}, {EscrowCodeError}, {EscrowRevertError}, {TransactionError}, {WaitingError}
 */
export async function redeemSale(
  party: Party,
  orderHash: Hex,
  options: RedeemOptions = {},
): Promise<{ transaction: MinedTransaction; paid: "paid" | "credited" }> {
  const { connection, journal } = party;
  return journal.withSale(orderHash, async (sale) => {
    const { signedOrder, offer, redeem, secrets } = sale.value;
    const { order } = signedOrder;
    requireChain(connection, order);
    if (offer === undefined) throw new RedeemError("there is no offer yet", "Offer first; the buyer has to fund it.");
    const { dealId } = offer;
    const escrow = new EscrowContract(connection.provider, order.escrow);
    let transaction = await minedTransaction(connection, redeem);
    if (transaction === null) {
      if (!hasKey(party.wallet) && connection.relay !== connection.provider) {
        throw new RedeemError(
          "a wallet sends through a node of its own, so the key cannot go through the relay",
          "Redeem without a relay, or with a keystore.",
        );
      }
      await checkEscrowCode(connection, order.escrow, journal);
      const left = await checkSafety(party, escrow, sale.value, dealId, options);
      // A question cannot be taken back from a wallet. No deal gives more time than a timer can run.
      const late = left === null || hasKey(party.wallet) ? null : AbortSignal.timeout(1000 * left);
      const signals = [options.signal, late].filter((each) => each !== undefined && each !== null);
      const account = walletAddress(party.wallet);
      const call: Call = {
        to: order.escrow,
        data: escrowCalls.redeem(dealId, secrets.key, secrets.opening),
        value: 0n,
        gasLimit: order.token === ETHER ? REDEEM_GAS.ether : REDEEM_GAS.token,
      };
      if (redeem === undefined) {
        await requireFunds(connection, account, { ...call, what: "the redemption" });
      }
      if (redeem !== undefined) await simulate(party, call);
      let isSimulated = redeem !== undefined;
      try {
        transaction = await sendAs(party, call, {
          ...options,
          ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
          what: "the redemption",
          record: redeem,
          write: async (record) => {
            // Also where a wallet has refused: what it was shown, it may tell.
            await sale.write({ redeem: record ?? nothingSent(account) });
            if (isSimulated) return;
            isSimulated = true;
            // The first to see the key is the node that simulates: not before the journal says that it may be known.
            await simulate(party, call);
          },
          through: connection.relay,
        });
      } catch (error) {
        if (error instanceof UnansweredError && late?.aborted === true) {
          throw new RedeemError(
            "it is too late to show the key, and the wallet still asks for the redemption",
            "Reject it there now: the buyer could read a key that waits, and take the refund.",
            { cause: error },
          );
        }
        if (!(error instanceof NotSentError) || !isSimulated) throw error;
        throw new RedeemError(
          `the redemption was not sent, but the wallet and its node may know the key: ${error.problem}`,
          "Redeem soon: who knows the key can wait for the refund, and has the model.",
          { cause: error },
        );
      }
    }
    return { transaction, paid: await escrow.payoutOf(transaction.hash, offer.seller) };
  });
}

/** @returns the seconds for which the key may still be shown; null if that does not matter, since it is known */
async function checkSafety(
  party: Party,
  escrow: EscrowContract,
  sale: SaleRecord,
  dealId: FieldElement,
  options: RedeemOptions,
): Promise<number | null> {
  const { connection } = party;
  const { secrets, redeem } = sale;
  const deal = await escrow.deal(dealId);
  requireFunded(deal, redeem);
  const final = await finalDeal(connection, escrow, dealId);
  if (final.state !== "funded" || final.refundableFrom !== deal.refundableFrom) {
    throw new RedeemError(
      "the buyer's funding is not final yet: the chain could still forget it, and would keep the key",
      "Run the same command again in a quarter of an hour.",
    );
  }
  const { keyCommitment, timeToRedeem, refundableFrom } = final;
  if (commitKey(secrets.key, secrets.opening) !== keyCommitment) {
    throw new RedeemError("the journal's key does not open the deal's E", "Restore the journal from a backup.");
  }
  if (options.keyIsPublic === true || (await isKnown(connection, redeem))) return null;
  const margin = redeemMargin(timeToRedeem);
  const left = refundableFrom - margin - (await chainTime(connection));
  if (left <= 0) {
    throw new RedeemError(
      `it is too late to show the key: the buyer can take a refund from ${new Date(1000 * refundableFrom).toISOString()} ` +
        `on, and the last ${margin} seconds before are too risky`,
      redeem === undefined
        ? "Keep the key to yourself and let the buyer take the refund; the model stays sealed and can be sold again."
        : "A redemption was written down before. If it may have been sent, the key may be known: add --key-is-public to send it all the same. If not, let the buyer take the refund.",
    );
  }
  if (options.acceptCredit !== true) await requirePayable(connection, sale.signedOrder.order.escrow, final);
  await requireNextNonce(party, redeem);
  const { order } = sale.signedOrder;
  await askWalletNode(party, async (own) => {
    await checkEscrowCode(own, order.escrow, party.journal);
    const seen = await finalDeal(own, new EscrowContract(own.provider, order.escrow), dealId);
    requireFunded(seen, redeem);
    if (seen.refundableFrom !== refundableFrom) {
      throw new RedeemError(`the refund opens at ${seen.refundableFrom}, not at ${refundableFrom}`, "Do not redeem.");
    }
  });
  return left;
}

/**
 * A redemption succeeds although the token refuses to pay, and leaves a credit. Where the token is paused, has listed
 * the escrow, or has shrunk the escrow's balance, nobody can withdraw that credit, and the key would be out for nothing.
 * Asks for the transfer alone, which tells the node nothing.
 */
async function requirePayable(
  { provider }: Connection,
  escrow: Address,
  { seller, token, price, basisPoints }: Deal,
): Promise<void> {
  if (token === ETHER) return;
  const due = price - shareOf(price, basisPoints);
  const request = { from: escrow, to: token, data: erc20.encodeFunctionData("transfer", [seller, due]) };
  try {
    const answer = (await provider.send("eth_call", [{ ...request, gas: TOKEN_PAYMENT_GAS }, "latest"])) as string;
    const isTrue = answer.length >= 66 && BigInt(answer.slice(0, 66)) === 1n;
    if (isTrue || (answer === "0x" && (await provider.getCode(token)) !== "0x")) return;
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
  }
  throw new RedeemError(
    `the token ${token} refuses to pay ${seller}: the key would be out for a credit that may never be paid`,
    "Wait until the token pays again. If you trust it to pay another account later, add --accept-credit.",
  );
}

/** The key must not lie open behind a transaction that is stuck: the buyer could read it and wait for the refund. */
async function requireNextNonce({ connection, wallet }: Party, redeem: TransactionRecord | undefined): Promise<void> {
  const { provider } = connection;
  const account = walletAddress(wallet);
  const next = await provider.getTransactionCount(account, "latest");
  const signed = redeem?.asked === undefined && redeem?.attempts.length !== 0 ? redeem : undefined;
  // A wallet takes the next one.
  const nonce = signed?.nonce ?? (await provider.getTransactionCount(account, "pending"));
  if (nonce <= next) return;
  throw new RedeemError(
    `${nonce - next} earlier transactions of ${account} are not mined yet, and would hold up the redemption`,
    "Wait until they are mined, or replace them by ones that pay more; then run the same command again.",
  );
}

/** Whether a node has an earlier redemption: then the key is out, and to send it again can only help. */
async function isKnown({ provider, relay }: Connection, redeem: TransactionRecord | undefined): Promise<boolean> {
  for (const { hash } of redeem?.attempts ?? []) {
    for (const node of new Set([provider, relay])) {
      try {
        if ((await node.getTransaction(hash)) !== null) return true;
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
      }
    }
  }
  return false;
}

function requireFunded({ state }: Deal, redeem: TransactionRecord | undefined): void {
  if (state === "funded") return;
  const fixes: Partial<Record<Deal["state"], string>> = {
    offered: "Wait until the buyer has funded it.",
    redeemed: "It is redeemed already, by whoever knew the key; the price was paid to the deal's seller.",
    refunded:
      redeem === undefined
        ? "The buyer took the price back; the key stays secret and the model can be sold again."
        : "The buyer took the price back. A redemption was written down before, so the buyer may know the key.",
  };
  throw new RedeemError(`the deal is ${state}, not funded`, fixes[state] ?? "There is nothing to redeem.");
}

async function simulate({ connection, wallet }: Party, { to, data, gasLimit }: Call): Promise<void> {
  const request = { from: walletAddress(wallet), to, data, gas: `0x${gasLimit!.toString(16)}` };
  try {
    await connection.relay.send("eth_call", [request, "latest"]);
  } catch (error) {
    // A relay that only sends cannot simulate; all that the call depends on was checked before.
    if (error instanceof RpcError && error.code === METHOD_NOT_FOUND) return;
    if (!(error instanceof RpcError)) throw error;
    throw new RedeemError(
      `${explainRevert(error, "the redemption").message} The node that simulated it has seen the key`,
      "Unless it is your own, it may have lied: send the redemption through another one now, with --rpc-url or --relay-url.",
    );
  }
}

/**
 * Takes the account's whole credit in one token.
 * @param credit.to the recipient, so that an account which cannot receive can send its credit elsewhere
 * @throws {RedeemError} if there is none
 */
export async function withdrawCredit(
  party: Party,
  credit: { readonly escrow: Address; readonly token: Address; readonly to: Address },
  waiting: Waiting = {},
): Promise<{ transaction: MinedTransaction; amount: bigint }> {
  const { connection, journal } = party;
  const account = walletAddress(party.wallet);
  const { escrow, token, to } = credit;
  const name = [connection.chainId, escrow, account, token].join("-");
  return journal.withWithdrawal(name, async (last, write) => {
    await checkEscrowCode(connection, escrow, journal);
    const amount = await new EscrowContract(connection.provider, escrow).credit(account, token);
    if (amount === 0n) {
      const mined = await minedTransaction(connection, last);
      throw new RedeemError(
        `${account} has no credit in ${token === ETHER ? "ether" : token}`,
        mined === null ? "There is nothing to withdraw." : `The last withdrawal was ${mined.hash}.`,
      );
    }
    const record = (await minedTransaction(connection, last)) === null ? last : undefined;
    const call = { to: escrow, data: escrowCalls.withdraw(token, to), value: 0n };
    const transaction = await sendAs(party, call, {
      ...{ ...waiting, what: "the withdrawal", record },
      write: (next) => write(next ?? nothingSent(account)),
    });
    return { transaction, amount };
  });
}
