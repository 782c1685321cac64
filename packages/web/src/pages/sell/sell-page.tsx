import { PageTitle } from "../../components/page-title.tsx";
import { NewSale } from "./new-sale.tsx";
import { SaleList } from "./sale-list.tsx";

/** Own sales, and the way to a new one. */
export function SellPage() {
  return (
    <>
      <PageTitle lead="You have a trained network and a buyer's order. The network is sealed for this buyer alone, proven on the buyer's own rows, and paid the moment its key becomes public. Nobody sees a weight before.">
        Sell
      </PageTitle>
      <section className="stack" aria-labelledby="sales">
        <h2 id="sales">Your sales</h2>
        <SaleList />
      </section>
      <section className="stack" aria-labelledby="new-sale">
        <h2 id="new-sale">New sale</h2>
        <NewSale />
      </section>
    </>
  );
}
