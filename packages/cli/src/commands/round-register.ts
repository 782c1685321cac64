import { Command } from "@commander-js/extra-typings";
import { registerContribution, relayConsent, signConsent } from "@zkcmp/chain/rounds/register";
import { PROVIDER_LIMITS } from "@zkcmp/chain/rounds/provider-limits";
import { checkRound } from "@zkcmp/chain/rounds/rewards-check";
import { encodeConsent } from "@zkcmp/chain/rounds/round-message";
import { formatTime } from "@zkcmp/sale/time";
import { UsageError } from "../cli-error.ts";
import { writeResult } from "../file.ts";
import { example } from "../help.ts";
import { readConsent, readReceipt, readRound, ROUND_HELP } from "../round-input.ts";
import { roundTrust } from "../round-key.ts";
import { offerLines, roundJson } from "../round-lines.ts";
import type { Session } from "../session.ts";
import { transactionJson, transactionLine } from "../transaction-report.ts";

export function roundRegisterCommand(session: Session) {
  return new Command("register")
    .description("data provider: register in a round with the owner's receipt; or sign a consent, or relay one")
    .argument("<round>", ROUND_HELP)
    .option("--receipt <file>", "the receipt that the owner's `round accept` wrote for your rows")
    .option("--consent-only", "send nothing: sign a consent with which anybody can register you", false)
    .option("--out <file>", "with --consent-only: where to write the consent")
    .option("--consent <file>", "register the provider who signed this consent; you pay the gas")
    .addHelpText(
      "after",
      example(
        "zkcmp round register round.json --receipt receipt.json --account 1",
        "zkcmp round register round.json --receipt receipt.json --consent-only --out consent.json --account 1",
        "zkcmp round register round.json --consent consent.json --account 0",
      ),
    )
    .action(async (path, options) => {
      const { receipt, consentOnly, consent, out } = options;
      if (
        (receipt === undefined) === (consent === undefined) ||
        consentOnly !== (out !== undefined) ||
        (consentOnly && consent !== undefined)
      ) {
        throw new UsageError(
          "it is not clear who is to be registered how",
          "Give --receipt FILE, with --consent-only and --out FILE to sign only; or --consent FILE.",
        );
      }
      const round = await readRound(path);
      const party = await session.party({ chainId: round.chainId });
      const { connection } = party;
      const trustStore = await roundTrust(session, connection, round.shape);
      if (consent !== undefined) {
        const message = await readConsent(consent);
        const { payee } = message.consent;
        await session.confirm(`Register ${payee} in the round? This costs you gas.`);
        const { slot, transaction } = await relayConsent(party, round, message, trustStore, session.waiting);
        return report(payee, slot, transaction);
      }

      const message = await readReceipt(receipt!);
      const { stored } = await checkRound(connection, round, trustStore);
      session.output.note([...offerLines(round, stored), ...PROVIDER_LIMITS].join("\n"));
      await session.confirm(
        consentOnly
          ? "Sign the consent? Whoever has it can register your rows; you cannot leave the round then."
          : "Register your rows? You cannot leave the round then. This costs gas.",
      );
      if (consentOnly) {
        const signed = await signConsent(party, round, message, trustStore);
        await writeResult(out!, encodeConsent(signed), session.options);
        const { payee, nonce, deadline } = signed.consent;
        session.output.result({ ...roundJson(round), payee, nonce, deadline, file: out }, [
          `The consent of ${payee} is ${out}: anybody can register you with it until ${formatTime(deadline)}.`,
          "Take it back with `zkcmp round revoke`, as long as it was not used.",
        ]);
        return;
      }
      const { slot, transaction } = await registerContribution(party, round, message, trustStore, session.waiting);
      report(message.payee, slot, transaction);

      function report(
        payee: string,
        slot: number,
        mined: Awaited<ReturnType<typeof relayConsent>>["transaction"],
      ): void {
        session.output.result(
          { ...roundJson(round), payee, slot, transaction: mined === null ? null : transactionJson(mined) },
          [
            `${payee} is registered in slot ${slot + 1} of ${round.shape.providers}.`,
            ...(mined === null ? [] : [transactionLine(mined)]),
          ],
        );
      }
    });
}
