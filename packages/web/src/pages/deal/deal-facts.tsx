import type { ReactNode } from "react";
import { formatPrice } from "@zkcmp/sale/price";
import { formatSpan } from "@zkcmp/sale/time";
import { DataList } from "../../components/data-list.tsx";
import { ShortHex } from "../../components/short-hex.tsx";
import { routeHref } from "../../route.ts";
import type { DealView } from "../../worker/deals-desk.ts";
import { goalWords, percent } from "./deal-words.ts";

/** All that is known of a deal, in a list. */
export function DealFacts({ view }: { view: DealView }) {
  const { dealId, deal, offer, order, share, account, isFinal } = view;
  const who = (hex: `0x${string}`): ReactNode => (
    <>
      <ShortHex hex={hex} /> {hex === account && <span className="tag">you</span>}
    </>
  );
  return (
    <DataList
      facts={[
        ["Deal", <ShortHex key="deal" hex={dealId} what="the deal’s id" />],
        ["Price", formatPrice(deal.price, deal.token)],
        ["Asks for", order === null ? "not published" : goalWords(order)],
        ["Rows n", order === null ? "not published" : order.rows],
        [
          "Rows are",
          order === null
            ? null
            : `${order.features} features of ${order.inputBits} bits${order.predicate === "accuracy" ? `, ${order.classes} classes` : ""}`,
        ],
        ["Seller", who(deal.seller)],
        ["Buyer", who(deal.buyer)],
        [
          "Share for a round",
          share === null ? null : (
            <>
              {formatPrice(share.share, deal.token)} ({percent(share.basisPoints / 10_000)}) to the{" "}
              <a href={routeHref({ page: "round", rewards: share.rewards, roundId: share.roundId })}>
                data providers of a round
              </a>
            </>
          ),
        ],
        ["Time to redeem", formatSpan(deal.timeToRedeem)],
        ["Order", <ShortHex key="order" hex={offer.orderHash} what="the order’s hash" />],
        ["Offer", <ShortHex key="offer" hex={offer.transactionHash} what="the offer’s transaction" />],
        ["State is final", isFinal ? "yes" : "not yet: the chain could still forget it"],
      ]}
    />
  );
}
