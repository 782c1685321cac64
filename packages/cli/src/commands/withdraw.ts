import { Command } from "@commander-js/extra-typings";
import { withdrawCredit } from "@zkcmp/chain/seller/redeem";
import { walletAddress } from "@zkcmp/chain/account";
import { ETHER } from "@zkcmp/sale/order";
import { formatPrice } from "@zkcmp/sale/price";
import { example } from "../help.ts";
import { parseAddress } from "../option-value.ts";
import type { Session } from "../session.ts";
import { transactionJson, transactionLine } from "../transaction-report.ts";

export function withdrawCommand(session: Session) {
  return new Command("withdraw")
    .description("take what the escrow could not pay out and keeps for you")
    .option("--token <address>", "the ERC-20 token of the credit (default: ether)", parseAddress)
    .option("--to <address>", "where to send it (default: the account itself)", parseAddress)
    .addHelpText("after", example("zkcmp withdraw --account 0 --to 0x70997970C51812dc3A010C7d01b50e0d17dc79C8"))
    .action(async (options) => {
      const party = await session.party();
      const token = options.token ?? ETHER;
      const to = options.to ?? walletAddress(party.wallet);
      const escrow = session.escrow();
      await session.confirm(
        `Send the credit of ${walletAddress(party.wallet)} in the escrow ${escrow} to ${to}? This costs gas.`,
      );
      const { transaction, amount } = await withdrawCredit(party, { escrow, token, to }, session.waiting);
      session.output.result({ escrow, token, to, amount, transaction: transactionJson(transaction) }, [
        `${formatPrice(amount, token)} went to ${to}.`,
        transactionLine(transaction),
      ]);
    });
}
