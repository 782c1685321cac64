import { type JsonRpcApiProvider, Interface, type LogDescription, type Result } from "ethers";
import { type FieldElement, toFieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import type { Split } from "@zkcmp/sale/deal";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import { ESCROW_ABI } from "./escrow-abi.ts";
import { findLogs, type RawLog } from "./event-logs.ts";
import { RpcError } from "./json-rpc.ts";
import { type Connection, FinalityError, finalTag } from "./network-connection.ts";

/** The first topic of the event Offered. */
export const OFFERED_TOPIC = new Interface(ESCROW_ABI).getEvent("Offered")!.topicHash as Hex;

/** Where a deal stands, in the order of ModelEscrow's enum State. */
export const DEAL_STATES = ["none", "offered", "funded", "redeemed", "refunded", "cancelled"] as const;
export type DealState = (typeof DEAL_STATES)[number];

/** What the contract stores of a deal. */
export interface Deal {
  readonly seller: Address;
  readonly buyer: Address;
  readonly token: Address;
  readonly price: bigint;
  /** Unix seconds. */
  readonly fundableUntil: number;
  /** Seconds. */
  readonly timeToRedeem: number;
  /** Unix seconds, 0 until funded. */
  readonly refundableFrom: number;
  readonly state: DealState;
  /** A round's share of the price in hundredths of a per cent, 0 without a split. */
  readonly basisPoints: number;
  readonly keyCommitment: FieldElement;
}

/** What a seller offers, as ModelEscrow takes it. */
export interface Terms {
  readonly buyer: Address;
  readonly token: Address;
  readonly price: bigint;
  readonly fundableUntil: number;
  readonly timeToRedeem: number;
  readonly keyCommitment: FieldElement;
  /** Digest of the core. */
  readonly core: FieldElement;
  readonly orderHash: Hex;
  readonly split: Split;
}

/** The event Offered. */
export interface OfferedEvent extends Terms {
  readonly dealId: FieldElement;
  readonly seller: Address;
  readonly transactionHash: Hex;
  readonly blockNumber: number;
}

/** The event Redeemed: the opened key. */
export interface RedeemedEvent {
  /** k */
  readonly key: FieldElement;
  /** d */
  readonly opening: FieldElement;
  readonly transactionHash: Hex;
  readonly blockNumber: number;
}

/** The contract refuses a call; says which rule, with its arguments. */
export class EscrowRevertError extends ZkcmpError {}

/** How far ahead of an offer the end of funding may lie, in seconds: 90 days, as in ModelEscrow. */
export const MAX_TIME_TO_FUND = 90 * 24 * 3600;

const escrowInterface = new Interface(ESCROW_ABI);

/** One ModelEscrow: its reads, and the call data of its writes, which go out through the life cycle in seller/ and buyer/. */
export class EscrowContract {
  readonly address: Address;
  readonly #provider: JsonRpcApiProvider;

  constructor(provider: JsonRpcApiProvider, address: Address) {
    this.#provider = provider;
    this.address = address;
  }

  /** A deal's storage; its state is "none" if there is no such deal. */
  async deal(dealId: FieldElement, blockTag: "latest" | "finalized" = "latest"): Promise<Deal> {
    const [stored] = await this.#read("deal", [dealId], blockTag);
    return {
      seller: addressOf(stored.seller),
      buyer: addressOf(stored.buyer),
      token: addressOf(stored.token),
      price: stored.price,
      fundableUntil: Number(stored.fundableUntil),
      timeToRedeem: Number(stored.timeToRedeem),
      refundableFrom: Number(stored.refundableFrom),
      state: DEAL_STATES[Number(stored.state)]!,
      basisPoints: Number(stored.basisPoints),
      keyCommitment: toFieldElement(stored.keyCommitment, "the key commitment"),
    };
  }

  /**
   * Rewards contract, round and share of a deal's split, and the last second (unix) at which a redemption gives the share to the
   * round; after it the share is the buyer's credit. All zero without a split.
   */
  async splitOf(dealId: FieldElement): Promise<Omit<Split, "codeHash"> & { readonly shareUntil: number }> {
    const { rewards, round, basisPoints, shareUntil } = await this.#read("splitOf", [dealId]);
    return { rewards: addressOf(rewards), round, basisPoints: Number(basisPoints), shareUntil: Number(shareUntil) };
  }

  /** What an account can withdraw, in units of the token. */
  async credit(account: Address, token: Address): Promise<bigint> {
    return (await this.#read("credit", [account, token]))[0];
  }

  /** What waits for a round and can be forwarded to it by anyone, in units of the token. */
  async rewardCredit(rewards: Address, round: bigint, token: Address): Promise<bigint> {
    return (await this.#read("rewardCredit", [rewards, round, token]))[0];
  }

  /** Whether the seller has offered under this E before. */
  async keyCommitmentUsed(seller: Address, keyCommitment: FieldElement): Promise<boolean> {
    return (await this.#read("keyCommitmentUsed", [seller, keyCommitment]))[0];
  }

  /** The deal's one Offered event, or null. */
  async offered(dealId: FieldElement): Promise<OfferedEvent | null> {
    const found = await this.#event("Offered", dealId);
    if (found === null) return null;
    return offeredEvent(found.log, found.args);
  }

  /** The deal's one Redeemed event, or null. */
  async redeemed(dealId: FieldElement): Promise<RedeemedEvent | null> {
    const found = await this.#event("Redeemed", dealId);
    if (found === null) return null;
    const { log, args } = found;
    return {
      key: toFieldElement(args.key, "the key"),
      opening: toFieldElement(args.opening, "the opening"),
      transactionHash: log.transactionHash as Hex,
      blockNumber: Number(log.blockNumber),
    };
  }

  /**
   * The payout to a seller, or the refund to a buyer, of a mined transaction: "credited" if the recipient refused it. A late
   * redemption also credits a round's share to the buyer, which is no payout.
   */
  async payoutOf(transactionHash: Hex, payee: Address): Promise<"paid" | "credited"> {
    const receipt = await this.#provider.getTransactionReceipt(transactionHash);
    const credited = receipt?.logs.some((log) => {
      if (addressOf(log.address) !== this.address) return false;
      const event = escrowInterface.parseLog(log);
      return event?.name === "Credited" && addressOf(event.args.account) === payee;
    });
    return credited === true ? "credited" : "paid";
  }

  async #read(name: string, args: readonly unknown[], blockTag = "latest"): Promise<Result> {
    const data = escrowInterface.encodeFunctionData(name, args);
    const answer = (await this.#provider.send("eth_call", [{ to: this.address, data }, blockTag])) as string;
    if (answer === "0x") {
      throw new EscrowRevertError(
        `there is no escrow at ${this.address} in the ${blockTag} block`,
        "Check address and chain; a contract that was created a moment ago is final in a quarter of an hour.",
      );
    }
    return escrowInterface.decodeFunctionResult(name, answer);
  }

  async #event(name: string, dealId: FieldElement): Promise<{ log: RawLog; args: LogDescription["args"] } | null> {
    const topics = escrowInterface.encodeFilterTopics(name, [dealId]);
    const [log] = await findLogs(this.#provider, {
      address: this.address,
      topics,
      oldest: Date.now() / 1000 - LONGEST_DEAL,
      isComplete: (logs) => logs.length > 0,
    });
    if (log === undefined) return null;
    return { log, args: escrowInterface.parseLog({ topics: [...log.topics], data: log.data })!.args };
  }
}

/** What a log says that is an Offered event by its first topic. @throws if it is none, or holds what ModelEscrow never would */
export function parseOffered(log: RawLog): OfferedEvent {
  return offeredEvent(log, escrowInterface.parseLog({ topics: [...log.topics], data: log.data })!.args);
}

function offeredEvent(log: RawLog, args: LogDescription["args"]): OfferedEvent {
  return {
    dealId: toFieldElement(args.dealId, "the deal's id"),
    seller: addressOf(args.seller),
    buyer: addressOf(args.buyer),
    token: addressOf(args.token),
    price: args.price,
    fundableUntil: Number(args.fundableUntil),
    timeToRedeem: Number(args.timeToRedeem),
    keyCommitment: toFieldElement(args.keyCommitment, "the key commitment"),
    core: toFieldElement(args.core, "the core"),
    orderHash: args.orderHash,
    split: {
      rewards: addressOf(args.split.rewards),
      round: args.split.round,
      basisPoints: Number(args.split.basisPoints),
      codeHash: args.split.codeHash,
    },
    transactionHash: log.transactionHash as Hex,
    blockNumber: Number(log.blockNumber),
  };
}

/**
 * A deal as it stands for good: in the state of the node's `finalized` block, on development chains of the latest one.
 * @throws {FinalityError} if the node has no such state
 */
export async function finalDeal(connection: Connection, escrow: EscrowContract, dealId: FieldElement): Promise<Deal> {
  try {
    return await escrow.deal(dealId, finalTag(connection));
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    throw new FinalityError(
      `the node does not show the final state of the deal: ${error.reason}`,
      "Use a node that follows the chain's consensus: without finality a payment can still be taken back.",
    );
  }
}

/** Seconds from an offer to the last day of its refund, and 30 days in which the buyer may have looked away. */
const LONGEST_DEAL = 150 * 24 * 3600;

function addressOf(address: string): Address {
  return address.toLowerCase() as Address;
}

/** Call data of ModelEscrow's writes. */
export const escrowCalls = {
  offer: (terms: Terms) => escrowInterface.encodeFunctionData("offer", [terms]) as Hex,
  cancel: (dealId: FieldElement) => escrowInterface.encodeFunctionData("cancel", [dealId]) as Hex,
  fund: (dealId: FieldElement) => escrowInterface.encodeFunctionData("fund", [dealId]) as Hex,
  fundWithPermit: (
    dealId: FieldElement,
    deadline: number,
    signature: { readonly v: number; readonly r: string; readonly s: string },
  ) =>
    escrowInterface.encodeFunctionData("fundWithPermit", [
      dealId,
      deadline,
      signature.v,
      signature.r,
      signature.s,
    ]) as Hex,
  redeem: (dealId: FieldElement, key: FieldElement, opening: FieldElement) =>
    escrowInterface.encodeFunctionData("redeem", [dealId, key, opening]) as Hex,
  refund: (dealId: FieldElement) => escrowInterface.encodeFunctionData("refund", [dealId]) as Hex,
  withdraw: (token: Address, to: Address) => escrowInterface.encodeFunctionData("withdraw", [token, to]) as Hex,
  forwardReward: (rewards: Address, round: bigint, token: Address) =>
    escrowInterface.encodeFunctionData("forwardReward", [rewards, round, token]) as Hex,
} as const;

const FIXES: Readonly<Record<string, string>> = {
  WrongState: "Look at the deal with `zkcmp status`: it has moved on.",
  UnauthorizedCaller: "Use the account that the deal names.",
  FundingClosed: "The time to fund is over: ask for a new offer.",
  NotRefundableYet: "Wait until the time that it names.",
  KeyCommitmentUsed: "Seal again: a key is offered once only.",
  UnsupportedToken: "Ask for a price in another token.",
  InsufficientGas: "Send it again with more gas.",
  WithdrawalFailed: "Name another recipient.",
  NoRewardCredit: "Nothing waits for this round: it has all been forwarded, or no deal with a share was redeemed yet.",
  InvalidBasisPoints: "Give a share of 0.01 % to 99.99 %.",
  InvalidRewardsCode: "Name the rewards contract of the round.",
  RoundPaysNobody: "Name a round with a provider that is not over.",
  WrongRoundToken: "Name a round that pays in the order's token.",
  RoundEndsTooEarly: "Name a round that can be claimed from for longer.",
};

/** What a refused call means, in words: a revert of ModelEscrow, or the node's own reason. */
export function explainRevert(error: RpcError, what: string): ZkcmpError {
  const revert = error.data === undefined ? null : escrowInterface.parseError(error.data);
  if (revert === null) {
    return new EscrowRevertError(`${what} would fail: ${error.reason}`, "Nothing was sent. Check the deal's status.");
  }
  const states = (name: string, value: unknown): string =>
    revert.name === "WrongState" && name !== "dealId" ? DEAL_STATES[Number(value)]! : String(value);
  const args = revert.fragment.inputs
    .map((input, i) => `${input.name} ${states(input.name, revert.args[i])}`)
    .join(", ");
  return new EscrowRevertError(
    `the escrow refuses ${what}: ${revert.name}(${args})`,
    FIXES[revert.name] ?? "Correct what it names.",
  );
}
