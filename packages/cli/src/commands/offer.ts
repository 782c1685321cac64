import { Command } from "@commander-js/extra-typings";
import { isFinal } from "@zkcmp/chain/network-connection";
import { offerSale } from "@zkcmp/chain/seller/offer";
import { walletAddress } from "@zkcmp/chain/account";
import { fieldToHex } from "@zkcmp/sale/hex";
import { formatPrice } from "@zkcmp/sale/price";
import { UsageError } from "../cli-error.ts";
import { findSale, REFERENCE_HELP } from "../deal-reference.ts";
import { example } from "../help.ts";
import { parsePercent } from "../option-value.ts";
import { readRound, ROUND_HELP } from "../round-input.ts";
import { roundTrust } from "../round-key.ts";
import type { Session } from "../session.ts";
import { formatShare, splitJson, splitLines } from "../split-lines.ts";
import { transactionJson, transactionLine } from "../transaction-report.ts";

export function offerCommand(session: Session) {
  return new Command("offer")
    .description("seller: put the offer of the sealed network on chain; the price will go to this account")
    .argument("<order>", REFERENCE_HELP)
    .option("--split <round>", `give data providers a share of the price; ${ROUND_HELP}`)
    .option("--share <percent>", "with --split: how much of the price, such as 10%", parsePercent)
    .addHelpText("after", example("zkcmp offer order.json --split round.json --share 10% --account 0"))
    .action(async (reference, { split: roundFile, share }) => {
      const { journal } = session;
      if ((roundFile === undefined) !== (share === undefined)) {
        throw new UsageError("a share needs both a round and a percentage", "Give --split and --share, or neither.");
      }
      const orderHash = await findSale(journal, reference);
      const { order } = (await journal.sale(orderHash)).signedOrder;
      const party = await session.party({ chainId: order.chainId });
      const round = roundFile === undefined ? undefined : await readRound(roundFile);
      const request =
        round === undefined
          ? undefined
          : { round, basisPoints: share!, trustStore: await roundTrust(session, party.connection, round.shape) };
      await session.confirm(
        `Offer the sealed network to ${order.buyer} for ${formatPrice(order.price, order.token)}, from ${walletAddress(party.wallet)}` +
          `${request === undefined ? "" : `, with ${formatShare(request.basisPoints)} of it for data providers`}? This costs gas.`,
      );
      const options = { ...session.waiting, split: request };
      const { dealId, split, transaction } = await offerSale(party, orderHash, options);
      const final = await isFinal(party.connection, transaction);
      session.output.result(
        {
          orderHash,
          dealId: fieldToHex(dealId),
          split: splitJson(order, split),
          transaction: transactionJson(transaction),
          final,
        },
        [
          `Deal ${fieldToHex(dealId)}`,
          ...splitLines(order, split, "this account").map((line) => `  ${line}`),
          transactionLine(transaction),
          `Tell the buyer this id. The test set comes when the offer is final${final ? ", which it is." : "."}`,
        ],
      );
    });
}
