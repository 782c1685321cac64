import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import { eachOf, listEvents } from "../event-list.ts";
import type { RawLog } from "../event-logs.ts";
import type { Connection } from "../network-connection.ts";
import { openedTerms } from "./opened-round.ts";
import { addressOf, RewardsContract, rewardsInterface, type Round } from "./rewards-contract.ts";
import { roundIdOf, type RoundTerms } from "./round-terms.ts";

/** A round of a rewards contract, and where it stands. */
export interface ListedRound {
  readonly roundId: bigint;
  readonly owner: Address;
  readonly terms: RoundTerms;
  /** As the contract stores it now. */
  readonly stored: Round;
  /** Unix seconds, the time of the block that opened it. */
  readonly openedAt: number;
  readonly transactionHash: Hex;
  /** What the node says that cannot be true, in words, to be shown in the place of the round; null if all fits together. */
  readonly contradiction: string | null;
}

const OPENED_TOPIC = rewardsInterface.getEvent("Opened")!.topicHash as Hex;

/**
 * All rounds that were ever opened in a rewards contract, the newest first. Every id is computed anew from owner and terms.
 * @param options.fromBlock the block in which the contract was created, or an earlier one
 * @throws {RewardsRevertError} if there is no such contract; {NodeError}, {RpcError}
 */
export async function listRounds(
  connection: Connection,
  rewards: Address,
  { fromBlock }: { readonly fromBlock: number },
): Promise<ListedRound[]> {
  const { provider, chainId } = connection;
  const contract = new RewardsContract(provider, rewards);
  const events = await listEvents(provider, { address: rewards, topic: OPENED_TOPIC, fromBlock }, parseOpened);
  return eachOf(events, async ({ event, time }) => {
    const { roundId, owner, terms } = event;
    const stored = await contract.round(roundId);
    const isItsOwn = roundIdOf({ chainId, rewards, owner, terms }) === roundId;
    const contradiction = isItsOwn ? contradictionOf(event, stored) : "the id is not that of the round's terms";
    return { ...event, stored, openedAt: time, contradiction };
  });
}

type Opened = Pick<ListedRound, "roundId" | "owner" | "terms" | "transactionHash">;

function parseOpened({ topics, data, transactionHash }: RawLog): Opened {
  const { args } = rewardsInterface.parseLog({ topics: [...topics], data })!;
  const { roundId, owner } = args;
  return { roundId, owner: addressOf(owner), terms: openedTerms(args), transactionHash: transactionHash as Hex };
}

function contradictionOf({ owner, terms }: Opened, stored: Round): string | null {
  if (stored.state === "none") return "the contract does not know the round";
  if (owner !== stored.owner) return "the contract stores another owner";
  const fields = ["token", "ridgeBits", "registrationUntil", "submissionUntil", "claimUntil"] as const;
  const same = terms.validationCommitment === stored.validationCommitment;
  return same && fields.every((field) => terms[field] === stored[field]) ? null : "the contract stores other terms";
}
