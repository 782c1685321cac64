import { formatPrice } from "@zkcmp/sale/price";
import { formatSpan } from "@zkcmp/sale/time";
import { useState } from "react";
import { DataList } from "../../components/data-list.tsx";
import { saveFile } from "../../components/download-button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { type Column, ResponsiveTable } from "../../components/responsive-table.tsx";
import { shortened, ShortHex } from "../../components/short-hex.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { TextField } from "../../components/text-field.tsx";
import { When } from "../../components/when.tsx";
import { useDesk } from "../../desk-client.ts";
import { goTo, routeHref } from "../../route.ts";
import { useLook } from "../../use-look.ts";
import { useStep } from "../../use-step.ts";
import type { AnswerRow, OrderView } from "../../worker/orders-desk.ts";
import { goalWords, shownState, timeLeftWords } from "./deal-words.ts";
import "./deal.css";
import { StatementList } from "./statement-list.tsx";

type Hex = `0x${string}`;

/** The buyer's own order, until it has a deal. */
export function PurchasePage({ orderHash }: { orderHash: Hex }) {
  const desk = useDesk();
  const { value: view, loading, error } = useLook(() => desk.orders.order(orderHash), [orderHash]);
  return (
    <>
      <PageTitle>
        Your order <span title={orderHash}>{shortened(orderHash)}</span>
      </PageTitle>
      <ErrorNotice error={error} />
      {view !== null ? (
        <Purchase view={view} />
      ) : loading ? (
        <p role="status">Reading the order…</p>
      ) : (
        error === null && (
          <EmptyState title="This browser’s journal does not have this order.">
            <p>
              Restore your journal on the page <a href={routeHref({ page: "keys" })}>Keys</a>, or go on where you made
              it. To answer somebody else’s order, <a href={routeHref({ page: "sell" })}>sell</a>.
            </p>
          </EmptyState>
        )
      )}
    </>
  );
}

function Purchase({ view }: { view: OrderView }) {
  const desk = useDesk();
  const { orderHash, order, now, isOpen, revealedTo, answers, statement } = view;
  const download = useStep(async () => {
    const file = await desk.orders.orderFile(orderHash);
    saveFile(file.name, file.text);
  });
  return (
    <>
      {revealedTo !== null ? (
        <Notice tone="info" title="Your test set was revealed to a deal.">
          <p>
            <a href={routeHref({ page: "deal", dealId: revealedTo })}>Go to the deal {shortened(revealedTo)}</a>
          </p>
        </Notice>
      ) : isOpen ? (
        <Notice tone="good" title="The order is signed and in this browser’s journal.">
          <p>
            It can be funded for {formatSpan(order.fundableUntil - now)} more. You may close this page and come back at
            any time.
          </p>
        </Notice>
      ) : (
        <Notice tone="warn" title="The time of this order is over.">
          <p>
            Nobody saw your rows, so they can serve a <a href={routeHref({ page: "ask" })}>new order</a>.
          </p>
        </Notice>
      )}
      <section className="stack" aria-labelledby="next">
        <h2 id="next">What happens next</h2>
        <ol>
          <li>You send the order file to one or several sellers. Your rows are not in it.</li>
          <li>A seller seals a network, offers it on chain, and gives you the id of the deal.</li>
          <li>You open the deal, and reveal your rows to it when the offer is final. One order serves one deal.</li>
          <li>You get a bundle with a proof, check it, and lock the price.</li>
        </ol>
        <StepButton step={download}>Download the order file</StepButton>
      </section>
      <section className="stack" aria-labelledby="answers">
        <h2 id="answers">Offers for this order</h2>
        {answers.length === 0 ? (
          <EmptyState title="No offer for this order is on chain yet.">
            <p>This page looks for one by itself.</p>
          </EmptyState>
        ) : (
          <>
            {answers.length > 1 && revealedTo === null && (
              <Notice tone="warn" title="Several sellers have offered.">
                <p>Your rows serve one of them only. Choose the seller that you know.</p>
              </Notice>
            )}
            <ResponsiveTable
              caption="Offers for this order"
              columns={COLUMNS}
              rows={answers}
              rowKey={({ dealId }) => dealId}
            />
          </>
        )}
        <OpenDeal orderHash={orderHash} />
      </section>
      <section className="card" aria-labelledby="facts">
        <h2 id="facts">Facts</h2>
        <DataList
          facts={[
            ["Order", <ShortHex key="order" hex={orderHash} what="the order’s hash" />],
            ["Asks for", goalWords(order)],
            ["Price", formatPrice(order.price, order.token)],
            ["Fundable until", <When key="until" at={order.fundableUntil} now={now} />],
            ["Time to redeem", formatSpan(order.timeToRedeem)],
            ["Buyer", <ShortHex key="buyer" hex={order.buyer} />],
            ["Rows are", `${order.features} features of ${order.inputBits} bits`],
          ]}
        />
        <h3>What a proof of it states</h3>
        <StatementList lines={statement} />
      </section>
    </>
  );
}

const COLUMNS: readonly Column<AnswerRow>[] = [
  {
    title: "Deal",
    heads: true,
    cell: ({ dealId }) => (
      <a className="mono" href={routeHref({ page: "deal", dealId })} title={dealId}>
        {shortened(dealId)}
      </a>
    ),
  },
  { title: "State", cell: ({ state, times }) => <StateBadge state={shownState(state, times)} /> },
  { title: "Seller", cell: ({ seller }) => <ShortHex hex={seller} /> },
  { title: "Time left", cell: ({ state, times }) => timeLeftWords(state, times) },
];

/** Goes to the deal whose id the seller gave. */
function OpenDeal({ orderHash }: { orderHash: Hex }) {
  const desk = useDesk();
  const [text, setText] = useState("");
  const dealId = /^0x[0-9a-f]{64}$/i.test(text.trim()) ? (text.trim().toLowerCase() as Hex) : null;
  const step = useStep(async () => {
    await desk.orders.expectAnswer(orderHash, dealId!);
    goTo({ page: "deal", dealId: dealId! });
  });
  return (
    <>
      <TextField
        label="Deal id from the seller"
        value={text}
        onChange={setText}
        problem={text.trim() === "" || dealId !== null ? null : "Write 0x and 64 hexadecimal digits."}
        placeholder="0x…"
        mono
      />
      <StepButton step={step} kind="plain" disabled={dealId === null}>
        Open the deal
      </StepButton>
    </>
  );
}
