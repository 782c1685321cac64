import { Command } from "@commander-js/extra-typings";
import { refundPurchase } from "@zkcmp/chain/buyer/settle";
import { formatPrice } from "@zkcmp/sale/price";
import { findPurchase, REFERENCE_HELP } from "../deal-reference.ts";
import { example } from "../help.ts";
import type { Session } from "../session.ts";
import { transactionJson, transactionLine } from "../transaction-report.ts";

export function refundCommand(session: Session) {
  return new Command("refund")
    .description("buyer: take the price back when the time to redeem is over and the key was not opened")
    .argument("<order>", REFERENCE_HELP)
    .addHelpText("after", example("zkcmp refund order.json --account 1"))
    .action(async (reference) => {
      const { journal } = session;
      const orderHash = await findPurchase(journal, reference);
      const { order } = (await journal.purchase(orderHash)).signedOrder;
      const party = await session.party({ chainId: order.chainId });
      await session.confirm("Take the price back? This costs gas.");
      const { transaction, paid } = await refundPurchase(party, orderHash, session.waiting);
      session.output.result({ orderHash, transaction: transactionJson(transaction), paid }, [
        paid === "paid"
          ? `You have ${formatPrice(order.price, order.token)} back.`
          : `${formatPrice(order.price, order.token)} wait for you in the escrow: zkcmp withdraw`,
        transactionLine(transaction),
      ]);
    });
}
