import { Command } from "@commander-js/extra-typings";
import { revokeConsents } from "@zkcmp/chain/rounds/register";
import { example } from "../help.ts";
import { readRound, ROUND_HELP } from "../round-input.ts";
import type { Session } from "../session.ts";
import { transactionJson, transactionLine } from "../transaction-report.ts";

export function roundRevokeCommand(session: Session) {
  return new Command("revoke")
    .description("data provider: take back the consents that you signed, as far as they were not used")
    .argument("<round>", ROUND_HELP)
    .addHelpText("after", example("zkcmp round revoke round.json --account 1"))
    .action(async (path) => {
      const round = await readRound(path);
      const party = await session.party({ chainId: round.chainId });
      await session.confirm("Take back all consents for this contract that you signed here? This costs gas.");
      const { firstValidNonce, transaction } = await revokeConsents(party, round, session.waiting);
      session.output.result(
        { firstValidNonce, transaction: transaction === null ? null : transactionJson(transaction) },
        [
          `Consents with a nonce below ${firstValidNonce} are void.`,
          ...(transaction === null ? [] : [transactionLine(transaction)]),
        ],
      );
    });
}
