import { DropZone } from "../../components/drop-zone.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { shortened } from "../../components/short-hex.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { TimeAxis } from "../../components/time-axis.tsx";
import { useDesk } from "../../desk-client.ts";
import { routeHref } from "../../route.ts";
import { useLook } from "../../use-look.ts";
import { useStep } from "../../use-step.ts";
import type { DealView } from "../../worker/deals-desk.ts";
import { BundleCheck } from "./bundle-check.tsx";
import { BuyerSteps } from "./buyer-steps.tsx";
import { DealFacts } from "./deal-facts.tsx";
import { axisEvents, axisWindows, shownState, windowSentence } from "./deal-words.ts";
import { DevelopmentClock } from "./development-clock.tsx";
import { readTexts } from "./file-text.ts";
import { WithdrawCredit } from "./withdraw-credit.tsx";
import "./deal.css";
import { StatementList } from "./statement-list.tsx";

type Hex = `0x${string}`;

/** One deal: for all who look, and with the steps of its buyer. */
export function DealPage({ dealId }: { dealId: Hex }) {
  const desk = useDesk();
  const { value: view, loading, error } = useLook(() => desk.deals.deal(dealId), [dealId]);
  return (
    <>
      <PageTitle>
        Deal <span title={dealId}>{shortened(dealId)}</span>
      </PageTitle>
      <ErrorNotice error={error} />
      {view !== null ? (
        <Deal view={view} />
      ) : loading ? (
        <p role="status">Reading the deal…</p>
      ) : (
        error === null && (
          <EmptyState title="The escrow of this market has no such deal.">
            <p>
              Check the id with whoever gave it to you, and the market at the top of the page. An offer that was sent a
              moment ago appears here by itself when it is mined.
            </p>
            <p>
              <a href={routeHref({ page: "market" })}>Go to the market</a>
            </p>
          </EmptyState>
        )
      )}
    </>
  );
}

function Deal({ view }: { view: DealView }) {
  const { deal, times, now, redeemedAt, statement, limits, order, purchase } = view;
  const isProven = purchase?.check?.isComplete === true;
  return (
    <>
      <p className="deal-state">
        <StateBadge state={shownState(deal.state, times)} /> {windowSentence(deal.state, times)}
      </p>
      {times.near && times.current !== "margin" && <Notice tone="warn" title="The time is running out." />}
      <Roles view={view} />
      <section className="card" aria-labelledby="time">
        <h2 id="time">Time</h2>
        <TimeAxis
          events={axisEvents(times, redeemedAt)}
          windows={axisWindows(deal.state, times, redeemedAt, now)}
          now={now}
        />
      </section>
      {purchase !== null && <BuyerSteps view={view} />}
      <WithdrawCredit view={view} />
      <section className="card" aria-labelledby="facts">
        <h2 id="facts">Facts</h2>
        <DealFacts view={view} />
      </section>
      <section className="card" aria-labelledby="statement">
        <h2 id="statement">What is proven</h2>
        {order === null ? (
          <Terms />
        ) : (
          <>
            <p>
              {isProven
                ? "The bundle was checked in this browser. It shows:"
                : "What the order asks for. The seller’s bundle shows it to the buyer, once it was checked:"}
            </p>
            <StatementList lines={isProven ? purchase!.check!.statement : statement} />
          </>
        )}
        <h3>What is not proven</h3>
        <ul>
          {limits.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </section>
      {purchase === null && deal.state === "offered" && (
        <section className="stack" aria-labelledby="check">
          <h2 id="check">Check a bundle without the journal</h2>
          <details>
            <summary>With the bundle and the reveal file</summary>
            <BundleCheck view={view} withReveal />
          </details>
        </section>
      )}
      <DevelopmentClock view={view} />
    </>
  );
}

/** What the deal is to who looks at it, where that is not plain from the steps. */
function Roles({ view }: { view: DealView }) {
  const { isBuyer, isSeller, hasSale, purchase, offer, account } = view;
  return (
    <>
      {isSeller && (
        <Notice tone="info" title="You are the seller.">
          {hasSale ? (
            <p>
              <a href={routeHref({ page: "sale", orderHash: offer.orderHash })}>Go to your sale</a> for what you do
              next.
            </p>
          ) : (
            <p>
              This browser’s journal does not have the sale, and so not its key. Restore the journal on the page{" "}
              <a href={routeHref({ page: "keys" })}>Keys</a>, or go on where you sealed the network.
            </p>
          )}
        </Notice>
      )}
      {isBuyer && purchase === null && (
        <Notice tone="warn" title="You are the buyer, but your order is not in this browser.">
          <p>
            Restore your journal on the page <a href={routeHref({ page: "keys" })}>Keys</a>, or go on where you made the
            order: without test set, salt and X25519 key nothing can be checked, funded or opened here.
          </p>
        </Notice>
      )}
      {!isBuyer && !isSeller && (
        <Notice tone="info" title="This deal is between two others.">
          <p>
            Its network opens for its buyer alone, even when the key is public.
            {account === null && " If you are one of the two, connect your account at the top of the page."}
          </p>
        </Notice>
      )}
    </>
  );
}

/** Where the order is not known: how to see its terms. */
function Terms() {
  const desk = useDesk();
  const step = useStep(async (_progress, files: File[]) => desk.deals.learnOrders(await readTexts(files)));
  return (
    <>
      <p>
        The terms are not published: threshold and rows stand in the buyer’s order, of which only the hash is on chain.
        Drop the order file to see them. It is kept in this browser’s journal.
      </p>
      <DropZone label="Order file" accept=".json" onFiles={(files) => void step.run(files)} />
      {step.state === "done" && (
        <p role="status">The order is kept. If its terms do not appear, it is the order of another deal.</p>
      )}
      <ErrorNotice error={step.error} />
    </>
  );
}
