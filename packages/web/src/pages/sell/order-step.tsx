import { DropZone } from "../../components/drop-zone.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { useDesk } from "../../desk-client.ts";
import { routeHref } from "../../route.ts";
import { useStep } from "../../use-step.ts";
import type { OrderView } from "../../worker/new-sale-steps.ts";
import type { ReadFile } from "./new-sale.tsx";
import { OrderTerms } from "./order-terms.tsx";

/** The buyer's order, in words. */
export function OrderStep({
  order,
  onOrder,
}: {
  order: ReadFile<OrderView> | null;
  onOrder: (order: ReadFile<OrderView>) => void;
}) {
  const desk = useDesk();
  const step = useStep(async (_progress, given: File) => {
    const file = { name: given.name, text: await given.text() };
    onOrder({ file, view: await desk.sales.readOrder(file) });
  });
  return (
    <section className="card" aria-labelledby="order-step">
      <h3 id="order-step">1. The order</h3>
      <DropZone
        label={order === null ? "Choose or drop the buyer's order file" : "Choose or drop another order file"}
        accept=".json"
        hint="The buyer signs it and sends it to you. It says what is asked for, the price and the times."
        onFiles={([file]) => void step.run(file!)}
      />
      <ErrorNotice error={step.error} />
      {order !== null && (
        <>
          <OrderTerms order={order.view.order} now={order.view.now} rmse={order.view.rmse} />
          <ul>
            {order.view.statement.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          {order.view.order.fundableUntil <= order.view.now && (
            <Notice tone="bad" title="The order can no longer be funded">
              <p>Ask the buyer for a new one.</p>
            </Notice>
          )}
          {order.view.isSealed && (
            <Notice tone="info" title="You have sealed a network for this order already">
              <p>
                <a href={routeHref({ page: "sale", orderHash: order.view.orderHash })}>Go on with that sale</a>. Sealing
                the same network again changes nothing; another one needs the offer cancelled first.
              </p>
            </Notice>
          )}
        </>
      )}
    </section>
  );
}
