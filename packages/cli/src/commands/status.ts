import { Command } from "@commander-js/extra-typings";
import { type DealStatus, purchaseStatus, saleStatus } from "@zkcmp/chain/status";
import { modelOrigin } from "@zkcmp/chain/model-origin";
import { fieldToHex, type Hex } from "@zkcmp/sale/hex";
import { formatPrice } from "@zkcmp/sale/price";
import { formatTime } from "@zkcmp/sale/time";
import { findDeals, REFERENCE_HELP } from "../deal-reference.ts";
import type { SignedOrder } from "@zkcmp/sale/order";
import { example } from "../help.ts";
import { roundModel } from "../round-model.ts";
import type { Session } from "../session.ts";
import { splitJson, splitLines } from "../split-lines.ts";

export function statusCommand(session: Session) {
  return new Command("status")
    .description("where your sales and purchases stand, and what to do next")
    .argument("[order]", `${REFERENCE_HELP}; all of them if none is given`)
    .option("--round <file>", "say of which deals the model is the one that this rewards round trained")
    .addHelpText("after", example("zkcmp status", "zkcmp status order.json --json"))
    .action(async (reference, options) => {
      const { journal } = session;
      const { sales, purchases } =
        reference === undefined
          ? { sales: await journal.sales(), purchases: await journal.purchases() }
          : await findDeals(journal, reference);
      const deals: DealReport[] = [];
      const trained = options.round === undefined ? null : await roundModel(session, options.round);
      const elsewhere: { orderHash: Hex; chainId: number }[] = [];
      const look = async (orderHash: Hex, { order }: SignedOrder, statusOf: typeof purchaseStatus): Promise<void> => {
        const connection = await session.connection();
        if (connection.chainId === order.chainId) {
          const status = await statusOf(connection, journal, orderHash);
          deals.push({ ...status, origin: status.model === null ? null : modelOrigin(status.model, trained) });
        } else elsewhere.push({ orderHash, chainId: order.chainId });
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

/** A status with what a named round says about the model. */
interface DealReport extends DealStatus {
  readonly origin: string | null;
}

function statusJson({ dealId, deal, split, model, ...rest }: DealReport) {
  return {
    ...rest,
    modelCommitment: model === null ? null : fieldToHex(model.modelCommitment),
    dealId: dealId === null ? null : fieldToHex(dealId),
    deal,
    split: deal === null || split === null ? null : splitJson(deal, split),
  };
}

function statusLines(report: DealReport): string[] {
  const { role, orderHash, dealId, deal, split, rewardCredit, final, next, proofSystem, model, origin } = report;
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
    ...(proofSystem === null ? [] : [`  proof system ${proofSystem}`]),
    ...(model === null ? [] : [`  model commitment M ${fieldToHex(model.modelCommitment)}`]),
    ...(origin === null ? [] : [`  ${origin}`]),
    `  next: ${next}`,
  ];
}
