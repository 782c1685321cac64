import { CopyButton } from "../../components/copy-button.tsx";
import { routeHref } from "../../route.ts";
import type { SaleView } from "../../worker/sale-steps.ts";
import "./sell.css";

/** The deal's id, as text and as a link to send to the buyer. */
export function DealLink({ sale: { dealId } }: { sale: Pick<SaleView, "dealId"> }) {
  if (dealId === null) return null;
  const href = routeHref({ page: "deal", dealId });
  const link = new URL(href, location.href).href;
  return (
    <div className="card">
      <h3>For the buyer</h3>
      <p>
        Deal id: <span className="mono sale-deal-id">{dealId}</span> <CopyButton text={dealId} what="the deal's id" />
      </p>
      <p>
        <a href={href}>The deal's page</a> <CopyButton text={link} what="the link to the deal" />
      </p>
    </div>
  );
}
