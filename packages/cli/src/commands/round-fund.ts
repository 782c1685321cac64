import { Command } from "@commander-js/extra-typings";
import { fundRound } from "@zkcmp/chain/rounds/fund";
import { walletAddress } from "@zkcmp/chain/account";
import { formatPrice } from "@zkcmp/sale/price";
import { formatTime } from "@zkcmp/sale/time";
import { example } from "../help.ts";
import { parseAmount, parseLabel } from "../option-value.ts";
import { parsePrice } from "../price.ts";
import { readRound, ROUND_HELP } from "../round-input.ts";
import { roundTrust } from "../round-key.ts";
import { roundJson } from "../round-lines.ts";
import type { Session } from "../session.ts";
import { transactionJson, transactionLine } from "../transaction-report.ts";

export function roundFundCommand(session: Session) {
  return new Command("fund")
    .description("anyone: pay into the pool of a round")
    .argument("<round>", ROUND_HELP)
    .requiredOption("--amount <amount>", "ether, or whole tokens; or smallest units as 1000wei", parseAmount)
    .option("--payment <word>", "names the payment: one of the same name is made once", parseLabel, "first")
    .addHelpText(
      "after",
      example(
        "zkcmp round fund round.json --amount 2 --account 0",
        "zkcmp round fund round.json --amount 0.5 --payment second --account 0",
      ),
    )
    .action(async (path, options) => {
      const round = await readRound(path);
      const party = await session.party({ chainId: round.chainId });
      const { token, claimUntil } = round.terms;
      const amount = await parsePrice(options.amount, token, party.connection);
      const trustStore = await roundTrust(session, party.connection, round.shape);
      await session.confirm(
        `Pay ${formatPrice(amount, token)} of ${walletAddress(party.wallet)} into the round? It does not come back, ` +
          `and what nobody claims until ${formatTime(claimUntil)} goes to the owner ${round.owner}.`,
      );
      const { transaction, pool, sent } = await fundRound(
        party,
        round,
        { amount, name: options.payment },
        trustStore,
        session.waiting,
      );
      session.output.result({ ...roundJson(round), amount, pool, sent, transaction: transactionJson(transaction) }, [
        sent
          ? `Paid ${formatPrice(amount, token)}.`
          : `The payment "${options.payment}" was made before. To pay once more, give it another name with --payment.`,
        transactionLine(transaction),
        `The pool has seen ${formatPrice(pool, token)}.`,
      ]);
    });
}
