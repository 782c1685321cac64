import type { Order } from "@zkcmp/sale/order";
import { formatPrice } from "@zkcmp/sale/price";
import { formatSpan } from "@zkcmp/sale/time";
import { DataList } from "../../components/data-list.tsx";
import { ShortHex } from "../../components/short-hex.tsx";
import { When } from "../../components/when.tsx";
import { percent } from "../deal/deal-words.ts";

/** What the buyer asks for and pays. @param now the chain's time, unix seconds; @param rmse of a regression's bound, where known */
export function OrderTerms({ order, now, rmse = null }: { order: Order; now: number; rmse?: number | null }) {
  const { price, token, buyer, rows, threshold, errorBound, sampledRows, features, inputBits, classes } = order;
  const isRegression = order.predicate === "squared-error";
  return (
    <DataList
      facts={[
        ["Price", formatPrice(price, token)],
        ["Buyer", <ShortHex hex={buyer} what="the buyer's address" />],
        [
          "Asked for",
          isRegression
            ? `squared errors of at most ${errorBound} squared target digits over ${rows} rows${rmse === null ? "" : `, an RMSE of ${rmse.toPrecision(4)}`}`
            : `at least ${threshold} of ${rows} rows right, ${percent(threshold / rows)}`,
        ],
        [
          "To be proven",
          sampledRows === 0 ? `all ${rows} rows` : `${sampledRows} rows that are drawn after you have claimed yours`,
        ],
        [
          "Rows",
          isRegression
            ? `${features} features of ${inputBits} bits, targets of ${Math.log2(classes)} bits`
            : `${features} features of ${inputBits} bits, ${classes} classes`,
        ],
        ["Can be funded until", <When at={order.fundableUntil} now={now} />],
        ["Time to redeem", `${formatSpan(order.timeToRedeem)} from funding on, then the buyer may take the price back`],
      ]}
    />
  );
}
