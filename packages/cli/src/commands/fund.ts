import { Command } from "@commander-js/extra-typings";
import { fundPurchase } from "@zkcmp/chain/buyer/fund";
import { walletAddress } from "@zkcmp/chain/account";
import { fieldToHex } from "@zkcmp/sale/hex";
import { formatPrice } from "@zkcmp/sale/price";
import { formatSpan, formatTime } from "@zkcmp/sale/time";
import { checkBundleFile, checkJson } from "../bundle-check.ts";
import { RefusedError } from "../cli-error.ts";
import { example } from "../help.ts";
import { REQUIRED_PROOF_SYSTEM_OPTION } from "../proof-system-option.ts";
import type { Session } from "../session.ts";
import { splitLines } from "../split-lines.ts";
import { transactionJson, transactionLine } from "../transaction-report.ts";

export function fundCommand(session: Session) {
  return new Command("fund")
    .description("buyer: verify the bundle once more, and lock the price in the escrow")
    .argument("<bundle>", "the bundle from the seller")
    .option("--x25519 <key>", "name or file of the order's key (default: the one it was placed with)")
    .addOption(REQUIRED_PROOF_SYSTEM_OPTION)
    .option("--permit", "tokens: allow the payment by a signature (ERC-2612) in place of a transaction", false)
    .option("--raise-fee", "replace a transaction that is stuck by one that pays more", false)
    .addHelpText("after", example("zkcmp fund bundle.json --account 1"))
    .action(async (path, options) => {
      const result = await checkBundleFile(session, path, { ...options, offline: false });
      const { bundle, report, orderHash } = result;
      if (report.unchecked.length > 0) {
        throw new RefusedError(`not everything was checked: ${report.unchecked.join("; ")}`, "See `zkcmp verify`.");
      }
      const { order } = bundle.signedOrder;
      const party = await session.party({ chainId: order.chainId });
      await session.confirm(
        `Lock ${formatPrice(order.price, order.token)} of ${walletAddress(party.wallet)} for the deal ${fieldToHex(bundle.dealId)}? ` +
          `If the seller does not redeem, you get it back after ${formatSpan(order.timeToRedeem)}.`,
      );
      const { transaction, refundableFrom } = await fundPurchase(
        party,
        orderHash,
        { bundle, report },
        { ...session.waiting, permit: options.permit, raiseFee: options.raiseFee },
      );
      session.output.result({ ...checkJson(result), transaction: transactionJson(transaction), refundableFrom }, [
        `${formatPrice(order.price, order.token)} are locked. If the seller redeems, they go:`,
        ...splitLines(order, bundle.split, bundle.seller).map((line) => `  ${line}`),
        transactionLine(transaction),
        `When the seller has redeemed: zkcmp unseal. If not: zkcmp refund, from ${formatTime(refundableFrom)} on.`,
      ]);
    });
}
