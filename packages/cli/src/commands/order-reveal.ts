import { revealTestSet } from "@zkcmp/chain/buyer/reveal";
import { EscrowContract } from "@zkcmp/chain/escrow-contract";
import { waitUntilFinal } from "@zkcmp/chain/network-connection";
import { Command } from "@commander-js/extra-typings";
import { fieldToHex } from "@zkcmp/sale/hex";
import { encodeReveal } from "@zkcmp/sale/sale-message";
import { NotYetError } from "../cli-error.ts";
import { findPurchase, REFERENCE_HELP } from "../deal-reference.ts";
import { expectWritable, writeFileWhole } from "../file.ts";
import { example } from "../help.ts";
import { parseDealId } from "../option-value.ts";
import type { Session } from "../session.ts";

export function orderRevealCommand(session: Session) {
  return new Command("reveal")
    .description("buyer: hand out the test set and its salt, for exactly one deal, once its offer is final")
    .argument("<order>", REFERENCE_HELP)
    .requiredOption("--deal <id>", "the deal that the seller offered", parseDealId)
    .requiredOption("--out <file>", "where to write what goes to the seller")
    .addHelpText("after", example("zkcmp order reveal order.json --deal 0x1f... --out reveal.json"))
    .action(async (reference, options) => {
      expectWritable(options.out, session.options.force);
      const { journal } = session;
      const orderHash = await findPurchase(journal, reference);
      const { order } = (await journal.purchase(orderHash)).signedOrder;
      const connection = await session.connection({ chainId: order.chainId });
      const offered = await new EscrowContract(connection.provider, order.escrow).offered(options.deal);
      if (offered === null) {
        throw new NotYetError(
          `there is no offer of a deal ${fieldToHex(options.deal)} on chain`,
          "Ask the seller for the deal's id, and wait until the offer is mined.",
        );
      }
      await waitUntilFinal(connection, offered, session.waiting);
      await session.confirm(
        `Give your test set to the seller ${offered.seller}, for this deal and no other? It cannot be used for another deal.`,
      );
      const revealed = await revealTestSet({ connection, journal }, orderHash, options.deal);
      const message = encodeReveal({ orderHash, dealId: options.deal, ...revealed });
      await writeFileWhole(options.out, message, session.options.force);
      session.output.result(
        { orderHash, dealId: fieldToHex(options.deal), seller: offered.seller, file: options.out },
        [
          `The test set and its salt are in ${options.out}: send this file to the seller ${offered.seller}, and to nobody else.`,
        ],
      );
    });
}
