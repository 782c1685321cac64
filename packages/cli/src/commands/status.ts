import { Command } from "@commander-js/extra-typings";
import { type DealStatus, purchaseStatus, saleStatus } from "@zkcmp/chain/status";
import { fieldToHex, type Hex } from "@zkcmp/sale/hex";
import { findDeals, REFERENCE_HELP } from "../deal-reference.ts";
import type { SignedOrder } from "@zkcmp/sale/order";
import { example } from "../help.ts";
import { formatPrice } from "../price.ts";
import type { Session } from "../session.ts";
import { splitJson, splitLines } from "../split-lines.ts";
import { formatTime } from "../time.ts";

export function statusCommand(session: Session) {
  return new Command("status")
    .description("where your sales and purchases stand, and what to do next")
    .argument("[order]", `${REFERENCE_HELP}; all of them if none is given`)
    .addHelpText("after", example("zkcmp status", "zkcmp status order.json --json"))
    .action(async (reference) => {
      const { journal } = session;
      const { sales, purchases } =
        reference === undefined
          ? { sales: await journal.sales(), purchases: await journal.purchases() }
          : await findDeals(journal, reference);
      const deals: DealStatus[] = [];
      const elsewhere: { orderHash: Hex; chainId: number }[] = [];
      const look = async (orderHash: Hex, { order }: SignedOrder, statusOf: typeof saleStatus): Promise<void> => {
        const connection = await session.connection();
        if (connection.chainId === order.chainId) deals.push(await statusOf(connection, journal, orderHash));
        else elsewhere.push({ orderHash, chainId: order.chainId });
      };
      for (const orderHash of sales) await look(orderHash, (await journal.sale(orderHash)).signedOrder, saleStatus);
      for (const orderHash of purchases) {
        await look(orderHash, (await journal.purchase(orderHash)).signedOrder, purchaseStatus);
      }
      session.output.result({ deals: deals.map(statusJson), elsewhere }, [
        ...(sales.length + purchases.length === 0
          ? [`The journal in ${session.options.home} has no sale and no purchase.`]
          : []),
        ...deals.flatMap(statusLines),
        ...elsewhere.map(
          ({ orderHash, chainId }) =>
            `The order ${orderHash} is on chain ${chainId}: name a node of it with --rpc-url.`,
        ),
      ]);
    });
}

function statusJson({ dealId, deal, split, ...rest }: DealStatus) {
  return {
    ...rest,
    dealId: dealId === null ? null : fieldToHex(dealId),
    deal,
    split: deal === null || split === null ? null : splitJson(deal, split),
  };
}

function statusLines({ role, orderHash, dealId, deal, split, rewardCredit, final, next }: DealStatus): string[] {
  const times =
    deal === null
      ? []
      : deal.state === "funded"
        ? [`refund opens ${formatTime(deal.refundableFrom)}`]
        : deal.state === "offered"
          ? [`fundable until ${formatTime(deal.fundableUntil)}`]
          : [];
  return [
    `${role === "seller" ? "Sale" : "Purchase"} of the order ${orderHash}`,
    ...(dealId === null || deal === null
      ? []
      : [
          `  deal ${fieldToHex(dealId)}`,
          `  ${[deal.state, final ? "final" : "not final yet", formatPrice(deal.price, deal.token), ...times].join(", ")}`,
        ]),
    ...(deal === null || split === null ? [] : splitLines(deal, split, "the seller").map((line) => `  ${line}`)),
    ...(deal === null || rewardCredit === 0n
      ? []
      : [`  ${formatPrice(rewardCredit, deal.token)} wait for the round: zkcmp round forward`]),
    `  next: ${next}`,
  ];
}
