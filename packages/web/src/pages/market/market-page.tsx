import { formatPrice } from "@zkcmp/sale/price";
import { formatSpan } from "@zkcmp/sale/time";
import { useState } from "react";
import { Check } from "../../components/check.tsx";
import { DropZone } from "../../components/drop-zone.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { type Column, ResponsiveTable } from "../../components/responsive-table.tsx";
import { Select } from "../../components/select.tsx";
import { shortened, ShortHex } from "../../components/short-hex.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { TextField } from "../../components/text-field.tsx";
import { useDesk } from "../../desk-client.ts";
import { routeHref } from "../../route.ts";
import { useLook } from "../../use-look.ts";
import { useStep } from "../../use-step.ts";
import type { MarketView, OfferRow, OpenOrder } from "../../worker/deals-desk.ts";
import { goalWords, shownState, timeLeftWords } from "../deal/deal-words.ts";
import { readTexts } from "../deal/file-text.ts";
import { ALL_OFFERS, dealIdIn, filterOffers, type OfferFilter, type OfferSort } from "./offer-filter.ts";
import "./market.css";

/** All offers of the market, and one's own orders that wait for one. */
export function MarketPage() {
  const desk = useDesk();
  const look = useLook(() => desk.deals.market(), []);
  return (
    <>
      <PageTitle lead="Sealed networks, each with a proof of how it does on its buyer’s rows. A buyer pays into an escrow; the seller is paid when the key is shown, and not before.">
        Market
      </PageTitle>
      <div className="market-actions">
        <a className="button button-main" href={routeHref({ page: "ask" })}>
          Ask for a model
        </a>
        <a className="button button-plain" href={routeHref({ page: "sell" })}>
          Sell a model
        </a>
      </div>
      <ErrorNotice error={look.error} />
      {look.value === null ? (
        look.loading && <p role="status">Reading the offers…</p>
      ) : (
        <>
          {look.value.openOrders.length > 0 && <OpenOrders orders={look.value.openOrders} now={look.value.now} />}
          <Offers market={look.value} />
        </>
      )}
    </>
  );
}

function OpenOrders({ orders, now }: { orders: readonly OpenOrder[]; now: number }) {
  const columns: Column<OpenOrder>[] = [
    {
      title: "Order",
      cell: ({ orderHash }) => (
        <a href={routeHref({ page: "purchase", orderHash })} title={orderHash}>
          {shortened(orderHash)}
        </a>
      ),
    },
    { title: "Asks for", cell: ({ order }) => goalWords(order) },
    { title: "Price", align: "right", cell: ({ order }) => formatPrice(order.price, order.token) },
    {
      title: "Time left",
      cell: ({ order, isOpen }) => (isOpen ? `${formatSpan(order.fundableUntil - now)} to fund` : "over"),
    },
  ];
  return (
    <section className="stack" aria-labelledby="open-orders">
      <h2 id="open-orders">Your orders without an offer</h2>
      <p>Send each order’s file to sellers. When one offers, you get the id of the deal.</p>
      <ResponsiveTable
        caption="Your orders without an offer"
        columns={columns}
        rows={orders}
        rowKey={({ orderHash }) => orderHash}
      />
    </section>
  );
}

const STATES = [
  { value: "all", label: "All states" },
  { value: "offered", label: "Offered" },
  { value: "funded", label: "Funded" },
  { value: "redeemed", label: "Redeemed" },
  { value: "refunded", label: "Refunded" },
  { value: "cancelled", label: "Cancelled" },
  { value: "expired", label: "Expired" },
];

const SORTS: readonly { value: OfferSort; label: string }[] = [
  { value: "newest", label: "Newest first" },
  { value: "price", label: "Lowest price first" },
  { value: "accuracy", label: "Highest threshold first" },
  { value: "left", label: "Least time left first" },
];

function Offers({ market }: { market: MarketView }) {
  const [filter, setFilter] = useState<OfferFilter>(ALL_OFFERS);
  const change = (part: Partial<OfferFilter>): void => setFilter((before) => ({ ...before, ...part }));
  const { offers, problems } = market;
  const shown = filterOffers(offers, filter);
  const named = dealIdIn(filter.text);
  return (
    <section className="stack" aria-labelledby="offers">
      <h2 id="offers">Offers</h2>
      <div className="market-filter" role="search" aria-label="Offers">
        <TextField
          label="Search"
          value={filter.text}
          onChange={(text) => change({ text })}
          placeholder="0x…"
          hint="A deal’s id, an order’s hash or an address."
          mono
        />
        <Select label="State" value={filter.state} onChange={(state) => change({ state })} options={STATES} />
        <Select label="Sort by" value={filter.sort} onChange={(sort) => change({ sort })} options={SORTS} />
        <Check label="Mine only" checked={filter.mine} onChange={(mine) => change({ mine })} />
      </div>
      {problems.length > 0 && (
        <Notice tone="warn" title="Some published orders cannot be shown.">
          <ul>
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Notice>
      )}
      <p className="visually-hidden" role="status">
        {shown.length} of {offers.length} offers are shown.
      </p>
      {shown.length > 0 ? (
        <ResponsiveTable caption="Offers" columns={COLUMNS} rows={shown} rowKey={({ dealId }) => dealId} />
      ) : offers.length === 0 ? (
        <EmptyState title="Nobody has offered anything yet.">
          <p>
            A sale begins with a buyer: <a href={routeHref({ page: "ask" })}>ask for a model</a>, or{" "}
            <a href={routeHref({ page: "sell" })}>answer an order</a> that a buyer has sent you.
          </p>
        </EmptyState>
      ) : (
        <EmptyState title="No offer passes the filter.">
          {named !== null && (
            <p>
              <a href={routeHref({ page: "deal", dealId: named })}>Open the deal {shortened(named)}</a>
            </p>
          )}
          <button type="button" className="button button-plain" onClick={() => setFilter(ALL_OFFERS)}>
            Show all offers
          </button>
        </EmptyState>
      )}
      <LearnOrders unknown={offers.filter(({ order }) => order === null).length} />
    </section>
  );
}

const COLUMNS: readonly Column<OfferRow>[] = [
  {
    title: "Deal",
    heads: true,
    cell: ({ dealId, isPurchase, isSale, contradiction }) => (
      <>
        <a className="mono" href={routeHref({ page: "deal", dealId })} title={dealId}>
          {shortened(dealId)}
        </a>
        {isPurchase && <span className="tag">your purchase</span>}
        {isSale && <span className="tag">your sale</span>}
        {contradiction !== null && <span className="tag tag-bad">do not trust: {contradiction}</span>}
      </>
    ),
  },
  {
    title: "State",
    cell: ({ state, times }) => <StateBadge state={shownState(state, times)} />,
  },
  {
    title: "Right rows (τ)",
    cell: ({ order }) =>
      order === null ? <span className="market-unknown">terms not published</span> : goalWords(order),
  },
  { title: "Rows n", align: "right", cell: ({ order }) => (order === null ? "–" : order.rows) },
  { title: "Price", align: "right", cell: ({ price, token }) => formatPrice(price, token) },
  {
    title: "Time left",
    cell: ({ state, times }) =>
      times.near ? <strong>{timeLeftWords(state, times)}</strong> : timeLeftWords(state, times),
  },
  { title: "Seller", cell: ({ seller }) => <ShortHex hex={seller} /> },
];

function LearnOrders({ unknown }: { unknown: number }) {
  const desk = useDesk();
  const step = useStep(async (_progress, files: File[]) => desk.deals.learnOrders(await readTexts(files)));
  return (
    <details className="market-learn">
      <summary>
        {unknown === 0
          ? "Show the terms of other orders"
          : `Terms of ${unknown === 1 ? "one offer" : `${unknown} offers`} are not published`}
      </summary>
      <p>
        Threshold and rows of an offer are not on chain: they stand in the buyer’s order, whose hash is. Drop an order
        file to see them. It is kept in this browser’s journal, and shown only where its hash is the offer’s.
      </p>
      <DropZone label="Order files" accept=".json" multiple onFiles={(files) => void step.run(files)} />
      <div aria-live="polite">
        {step.result !== null && (
          <Notice
            tone="good"
            title={step.result.length === 1 ? "The order is kept." : `${step.result.length} orders are kept.`}
          />
        )}
      </div>
      <ErrorNotice error={step.error} />
    </details>
  );
}
