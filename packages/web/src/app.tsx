import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { ErrorNotice } from "./components/error-notice.tsx";
import { PageTitle } from "./components/page-title.tsx";
import { DeskContext, type DeskClient, startDesk } from "./desk-client.ts";
import { ErrorBoundary } from "./error-boundary.tsx";
import { Footer } from "./footer.tsx";
import { Header } from "./header.tsx";
import { onLookAgain } from "./look-again.ts";
import { MarketFrame } from "./market-frame.tsx";
import { MarketPage } from "./pages/market/market-page.tsx";
import { parseRoute, type Route, routeHref, routeTitle, useHash } from "./route.ts";
import { SessionContext } from "./session-view.ts";
import { asStepError, type StepError } from "./step-error.ts";
import type { SessionView } from "./worker/session-desk.ts";

// Only the market is part of the first load.
const AskPage = lazy(async () => ({ default: (await import("./pages/market/ask-page.tsx")).AskPage }));
const PurchasePage = lazy(async () => ({ default: (await import("./pages/deal/purchase-page.tsx")).PurchasePage }));
const DealPage = lazy(async () => ({ default: (await import("./pages/deal/deal-page.tsx")).DealPage }));
const SellPage = lazy(async () => ({ default: (await import("./pages/sell/sell-page.tsx")).SellPage }));
const SalePage = lazy(async () => ({ default: (await import("./pages/sell/sale-page.tsx")).SalePage }));
const RoundsPage = lazy(async () => ({ default: (await import("./pages/rounds/rounds-page.tsx")).RoundsPage }));
const RoundPage = lazy(async () => ({ default: (await import("./pages/rounds/round-page.tsx")).RoundPage }));
const KeysPage = lazy(async () => ({ default: (await import("./pages/keys/keys-page.tsx")).KeysPage }));

function pageOf(route: Route): ReactNode {
  switch (route.page) {
    case "market":
      return <MarketPage />;
    case "ask":
      return <AskPage />;
    case "purchase":
      return <PurchasePage orderHash={route.orderHash} />;
    case "deal":
      return <DealPage dealId={route.dealId} />;
    case "sell":
      return <SellPage />;
    case "sale":
      return <SalePage orderHash={route.orderHash} />;
    case "rounds":
      return <RoundsPage />;
    case "round":
      return <RoundPage rewards={route.rewards} roundId={route.roundId} />;
    case "keys":
      return <KeysPage />;
    case "unknown":
      return (
        <>
          <PageTitle>No such page</PageTitle>
          <p>
            The address names no page of the market. <a href={routeHref({ page: "market" })}>Go to the market</a>.
          </p>
        </>
      );
  }
}

/** The frame: header, the page that the address names, footer. */
export function App() {
  const route = parseRoute(useHash());
  const [client, setClient] = useState<DeskClient | null>(null);
  const [death, setDeath] = useState<StepError | null>(null);
  const [session, setSession] = useState<SessionView | null>(null);
  const [error, setError] = useState<StepError | null>(null);
  const [start, setStart] = useState(0);

  useEffect(() => {
    let started: DeskClient;
    try {
      started = startDesk();
    } catch (thrown) {
      setError(asStepError(thrown));
      return;
    }
    let ended = false;
    setClient(started);
    setDeath(null);
    setSession(null);
    const look = (): void => {
      started.desk.session.view().then(
        (view) => {
          if (ended) return;
          setSession(view);
          setError(null);
        },
        (thrown) => {
          if (!ended) setError(asStepError(thrown));
        },
      );
    };
    look();
    const stop = onLookAgain(look);
    void started.death.then((reason) => {
      if (!ended) setDeath(reason);
    });
    return () => {
      ended = true;
      stop();
      started.end();
    };
  }, [start]);

  useEffect(() => {
    document.title = routeTitle(route);
  }, [route.page]);

  const page =
    death !== null ? (
      <>
        <PageTitle>The page has stopped</PageTitle>
        <ErrorNotice error={death} />
        <div>
          <button type="button" className="button button-main" onClick={() => setStart((count) => count + 1)}>
            Start again
          </button>
        </div>
      </>
    ) : session !== null ? (
      <Suspense fallback={<p role="status">Loading…</p>} key={JSON.stringify(route)}>
        <ErrorBoundary>{pageOf(route)}</ErrorBoundary>
      </Suspense>
    ) : error !== null ? (
      <>
        <PageTitle>No market</PageTitle>
        <ErrorNotice error={error} />
      </>
    ) : (
      <p role="status">Loading the market…</p>
    );
  const main = (
    <main id="main" tabIndex={-1}>
      {page}
    </main>
  );
  const isReady = client !== null && session !== null && death === null;
  return (
    <DeskContext value={client?.desk ?? null}>
      <SessionContext value={session}>
        <a
          className="skip-link"
          href="#main"
          onClick={(event) => {
            // The part behind # is the route.
            event.preventDefault();
            document.querySelector<HTMLElement>("main h1, main")?.focus();
          }}
        >
          Skip to the page
        </a>
        {isReady ? (
          <MarketFrame route={route} key={start}>
            {main}
          </MarketFrame>
        ) : (
          <>
            <Header route={route} />
            {main}
          </>
        )}
        <Footer />
      </SessionContext>
    </DeskContext>
  );
}
