import { Command } from "@commander-js/extra-typings";
import { redeemSale } from "@zkcmp/chain/seller/redeem";
import { NO_SPLIT, shareOf } from "@zkcmp/sale/deal";
import { formatPrice } from "@zkcmp/sale/price";
import { findSale, REFERENCE_HELP } from "../deal-reference.ts";
import { example } from "../help.ts";
import { dealOfSale } from "../sale-message.ts";
import type { Session } from "../session.ts";
import { transactionJson, transactionLine } from "../transaction-report.ts";

export function redeemCommand(session: Session) {
  return new Command("redeem")
    .description("seller: open the key on chain, which pays you; the key is public from then on")
    .argument("<order>", REFERENCE_HELP)
    .option("--relay-url <url>", "a private relay: the key is shown to it alone before it is mined")
    .option("--raise-fee", "replace a transaction that is stuck by one that pays more", false)
    .option("--key-is-public", "send once more after the refund has opened, where the key may be out already", false)
    .option("--accept-credit", "open the key although the token refuses to pay you now", false)
    .addHelpText("after", example("zkcmp redeem order.json --account 0"))
    .action(async (reference, options) => {
      const { journal } = session;
      const orderHash = await findSale(journal, reference);
      const { chainId } = await dealOfSale(journal, orderHash);
      const { signedOrder, offer } = await journal.sale(orderHash);
      const { order } = signedOrder;
      const { basisPoints } = offer?.split ?? NO_SPLIT;
      const due = formatPrice(order.price - shareOf(order.price, basisPoints), order.token);
      const party = await session.party({
        chainId,
        ...(options.relayUrl === undefined ? {} : { relayUrl: options.relayUrl }),
      });
      await session.confirm(`Open the key of this deal to everybody, for ${due}? This costs gas.`);
      const { transaction, paid } = await redeemSale(party, orderHash, {
        ...session.waiting,
        keyIsPublic: options.keyIsPublic,
        acceptCredit: options.acceptCredit,
        raiseFee: options.raiseFee,
      });
      session.output.result({ orderHash, transaction: transactionJson(transaction), paid }, [
        paid === "paid" ? `You were paid ${due}.` : `${due} wait for you in the escrow: zkcmp withdraw`,
        ...(basisPoints === 0 ? [] : ["The rest waits in the escrow for the data providers: zkcmp round forward"]),
        transactionLine(transaction),
      ]);
    });
}
