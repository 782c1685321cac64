import { formatPrice } from "@zkcmp/sale/price";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { ResponsiveTable } from "../../components/responsive-table.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { useDesk } from "../../desk-client.ts";
import { routeHref } from "../../route.ts";
import { useLook } from "../../use-look.ts";
import { goalWords } from "../deal/deal-words.ts";
import { stepTitle } from "./sale-words.ts";

/** All sales of this browser's journal. */
export function SaleList() {
  const desk = useDesk();
  const { value: sales, error, loading } = useLook(() => desk.sales.list(), []);
  if (sales === null) return loading ? <p role="status">Looking for your sales…</p> : <ErrorNotice error={error} />;
  if (sales.length === 0) {
    return (
      <EmptyState title="There is no sale in this browser yet">
        <p>Begin one below, or restore a journal on the page Keys.</p>
      </EmptyState>
    );
  }
  return (
    <>
      <ErrorNotice error={error} />
      <ResponsiveTable
        caption="Your sales"
        rows={sales}
        rowKey={({ orderHash }) => orderHash}
        columns={[
          {
            title: "Order",
            cell: ({ orderHash }) => (
              <a className="mono" href={routeHref({ page: "sale", orderHash })}>
                {orderHash.slice(0, 10)}…
              </a>
            ),
          },
          { title: "Price", align: "right", cell: ({ order }) => formatPrice(order.price, order.token) },
          { title: "Asked for", cell: ({ order }) => goalWords(order) },
          {
            title: "State",
            cell: ({ deal }) => <StateBadge state={deal === null || deal.state === "none" ? "sealed" : deal.state} />,
          },
          {
            title: "Next",
            cell: ({ standing, order }) =>
              standing === null ? `on chain ${order.chainId}, this page is on another` : stepTitle(standing.step),
          },
        ]}
      />
    </>
  );
}
