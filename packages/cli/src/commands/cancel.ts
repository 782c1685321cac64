import { Command } from "@commander-js/extra-typings";
import { cancelSale } from "@zkcmp/chain/seller/offer";
import { findSale, REFERENCE_HELP } from "../deal-reference.ts";
import { example } from "../help.ts";
import type { Session } from "../session.ts";
import { transactionJson, transactionLine } from "../transaction-report.ts";

export function cancelCommand(session: Session) {
  return new Command("cancel")
    .description("seller: take an offer back that is not funded")
    .argument("<order>", REFERENCE_HELP)
    .addHelpText("after", example("zkcmp cancel order.json --account 0"))
    .action(async (reference) => {
      const { journal } = session;
      const orderHash = await findSale(journal, reference);
      const { chainId } = (await journal.sale(orderHash)).signedOrder.order;
      const party = await session.party({ chainId });
      await session.confirm("Take the offer back? This costs gas.");
      const transaction = await cancelSale(party, orderHash, session.waiting);
      session.output.result({ orderHash, transaction: transactionJson(transaction) }, [
        "The offer is cancelled.",
        transactionLine(transaction),
      ]);
    });
}
