import { dealIdOf } from "@zkcmp/sale/deal";
import type { Address } from "@zkcmp/sale/order";
import { type Deal, EscrowContract, OFFERED_TOPIC, type OfferedEvent, parseOffered } from "./escrow-contract.ts";
import { eachOf, listEvents } from "./event-list.ts";
import type { Connection } from "./network-connection.ts";

/** An offer of an escrow, and where its deal stands. */
export interface ListedOffer {
  readonly offered: OfferedEvent;
  /** As the contract stores it now. */
  readonly deal: Deal;
  /** Unix seconds, the time of the offer's block. */
  readonly offeredAt: number;
  /** What the node says that cannot be true, in words, to be shown in the place of the offer; null if all fits together. */
  readonly contradiction: string | null;
}

/**
 * All offers that an escrow ever had, the newest first, each with its deal as it stands now. Every id is computed anew from the
 * event, and every event is held against the contract's storage.
 * @param options.fromBlock the block in which the escrow was created, or an earlier one
 * @throws {EscrowRevertError} if there is no escrow; {NodeError}, {RpcError}
 */
export async function listOffers(
  connection: Connection,
  escrow: Address,
  { fromBlock }: { readonly fromBlock: number },
): Promise<ListedOffer[]> {
  const { provider, chainId } = connection;
  const contract = new EscrowContract(provider, escrow);
  const events = await listEvents(provider, { address: escrow, topic: OFFERED_TOPIC, fromBlock }, parseOffered);
  return eachOf(events, async ({ event, time }) => {
    const deal = await contract.deal(event.dealId);
    const isItsOwn = dealIdOf({ ...event, chainId, escrow }) === event.dealId;
    const contradiction = isItsOwn ? contradictionOf(event, deal) : "the id is not that of the offer's terms";
    return { offered: event, deal, offeredAt: time, contradiction };
  });
}

function contradictionOf(offered: OfferedEvent, deal: Deal): string | null {
  if (deal.state === "none") return "the contract does not know the deal";
  const fields = ["seller", "buyer", "token", "price", "fundableUntil", "timeToRedeem", "keyCommitment"] as const;
  const other = fields.find((field) => offered[field] !== deal[field]);
  return other === undefined ? null : `the contract stores another ${WORDS[other]}`;
}

const WORDS = {
  seller: "seller",
  buyer: "buyer",
  token: "token",
  price: "price",
  fundableUntil: "end of funding",
  timeToRedeem: "time to redeem",
  keyCommitment: "key commitment",
} as const;
