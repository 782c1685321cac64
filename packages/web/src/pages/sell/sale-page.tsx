import { formatPrice } from "@zkcmp/sale/price";
import { DataList } from "../../components/data-list.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { ShortHex } from "../../components/short-hex.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { TimeAxis } from "../../components/time-axis.tsx";
import { saveFile } from "../../components/download-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useLook } from "../../use-look.ts";
import { useStep } from "../../use-step.ts";
import type { SaleView } from "../../worker/sale-steps.ts";
import { axisEvents, axisWindows, shownState, windowSentence } from "../deal/deal-words.ts";
import { CancelOffer } from "./cancel-offer.tsx";
import { Money } from "./money.tsx";
import { NextStep } from "./next-step.tsx";
import { OrderTerms } from "./order-terms.tsx";
import { formatShare, stepTitle } from "./sale-words.ts";

type Hex = `0x${string}`;

/** One sale of this browser's journal: where it stands, and its next step. */
export function SalePage({ orderHash }: { orderHash: Hex }) {
  const desk = useDesk();
  const { value: sale, error, loading } = useLook(() => desk.sales.sale(orderHash), [orderHash]);
  return (
    <>
      <PageTitle lead={sale === null ? undefined : `For ${formatPrice(sale.order.price, sale.order.token)}`}>
        Your sale
      </PageTitle>
      {sale === null && loading && <p role="status">Looking at the sale…</p>}
      <ErrorNotice error={error} />
      {sale !== null && <Sale sale={sale} />}
    </>
  );
}

function Sale({ sale }: { sale: SaleView }) {
  const { order, now, deal, times, dealId, split } = sale;
  return (
    <>
      <section className="stack" aria-labelledby="stands">
        <h2 id="stands" className="sale-title">
          {stepTitle(sale.step)}
          <StateBadge
            state={deal === null || times === null ? "sealed" : shownState(deal.state, times)}
            {...(deal !== null && deal.state !== "none" && !sale.final ? { label: `${deal.state}, not final` } : {})}
          />
        </h2>
        {deal !== null && times !== null && (
          <>
            <TimeAxis
              now={now}
              windows={axisWindows(deal.state, times, sale.redeemedAt, now)}
              events={axisEvents(times, sale.redeemedAt)}
            />
            <p>{windowSentence(deal.state, times)}</p>
          </>
        )}
        <NextStep sale={sale} />
      </section>
      <Money sale={sale} />
      <section className="stack" aria-labelledby="terms">
        <h2 id="terms">Order and model</h2>
        <OrderTerms order={order} now={now} rmse={sale.rmse} />
        <DataList
          facts={[
            ["Model", `${sale.shape}, ${sale.parameters.toLocaleString("en-US")} parameters`],
            ["Proof system", sale.proofSystem],
            ["Order", <ShortHex hex={sale.orderHash} what="the order's hash" />],
            ["Deal", dealId === null ? null : <ShortHex hex={dealId} what="the deal's id" />],
            ["Seller", sale.seller === null ? null : <ShortHex hex={sale.seller} what="the seller's address" />],
            [
              "Share for data providers",
              split === null ? null : `${formatShare(split.basisPoints)}, ${formatPrice(split.share, order.token)}`,
            ],
          ]}
        />
        {sale.proofBytes !== null && <BundleAgain sale={sale} />}
        <JournalCopy />
      </section>
      {deal?.state === "offered" && <CancelOffer sale={sale} />}
    </>
  );
}

/** The bundle of a proof that is made. */
function BundleAgain({ sale }: { sale: SaleView }) {
  const desk = useDesk();
  const step = useStep(async () => saveFile("bundle.json", await desk.sales.bundle(sale.orderHash)));
  return (
    <StepButton step={step} kind="plain">
      Download the bundle
    </StepButton>
  );
}

/** The key of the sale lies in the journal alone. */
function JournalCopy() {
  const desk = useDesk();
  const step = useStep(async () => saveFile("zkcmp-journal.json", await desk.keys.exportJournal()));
  return (
    <>
      <p>
        The key that earns the price lies in the journal of this browser alone: lost with it, the price is lost. The
        backup holds that key and your network in the clear, so keep it where only you can read it.
      </p>
      <StepButton step={step} kind="plain">
        Back up the journal
      </StepButton>
    </>
  );
}
