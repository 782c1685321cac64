import { Command } from "@commander-js/extra-typings";
import { isFinal } from "@zkcmp/chain/network-connection";
import { offerSale } from "@zkcmp/chain/seller/offer";
import { walletAddress } from "@zkcmp/chain/wallet";
import { fieldToHex } from "@zkcmp/sale/hex";
import { findSale, REFERENCE_HELP } from "../deal-reference.ts";
import { example } from "../help.ts";
import { formatPrice } from "../price.ts";
import type { Session } from "../session.ts";
import { transactionJson, transactionLine } from "../transaction-report.ts";

export function offerCommand(session: Session) {
  return new Command("offer")
    .description("seller: put the offer of the sealed network on chain; the price will go to this account")
    .argument("<order>", REFERENCE_HELP)
    .addHelpText("after", example("zkcmp offer order.json --account 0"))
    .action(async (reference) => {
      const { journal } = session;
      const orderHash = await findSale(journal, reference);
      const { order } = (await journal.sale(orderHash)).signedOrder;
      const party = await session.party({ chainId: order.chainId });
      await session.confirm(
        `Offer the sealed network to ${order.buyer} for ${formatPrice(order.price, order.token)}, from ${walletAddress(party.wallet)}? This costs gas.`,
      );
      const { dealId, transaction } = await offerSale(party, orderHash, session.waiting);
      const final = await isFinal(party.connection, transaction);
      session.output.result(
        { orderHash, dealId: fieldToHex(dealId), transaction: transactionJson(transaction), final },
        [
          `Deal ${fieldToHex(dealId)}`,
          transactionLine(transaction),
          `Tell the buyer this id. The test set comes when the offer is final${final ? ", which it is." : "."}`,
        ],
      );
    });
}
