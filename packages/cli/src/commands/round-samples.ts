import { Command } from "@commander-js/extra-typings";
import { commitContribution } from "@zkcmp/chain/rounds/commit-samples";
import { PROVIDER_LIMITS } from "@zkcmp/chain/rounds/provider-limits";
import { checkRound } from "@zkcmp/chain/rounds/rewards-check";
import { encodeDisclosure } from "@zkcmp/chain/rounds/round-message";
import { walletAddress } from "@zkcmp/chain/account";
import { fieldToHex } from "@zkcmp/sale/hex";
import { sampleLines } from "@zkcmp/shapley/encoded-samples";
import { writeResult } from "../file.ts";
import { example } from "../help.ts";
import { parseAddress } from "../option-value.ts";
import { readRound, readSamples, ROUND_HELP } from "../round-input.ts";
import { roundTrust } from "../round-key.ts";
import { offerLines, roundJson } from "../round-lines.ts";
import type { Session } from "../session.ts";

export function roundSamplesCommand(session: Session) {
  return new Command("samples")
    .description("data provider: commit to your rows, and write the disclosure that the owner checks")
    .argument("<round>", ROUND_HELP)
    .argument("<csv>", "your rows, with the columns that the round's encoding names")
    .option("--drop-missing", "leave out rows with missing values", false)
    .option("--payee <address>", "who will register and be paid (default: the account)", parseAddress)
    .requiredOption("--out <file>", "where to write the disclosure; it shows your rows")
    .addHelpText("after", example("zkcmp round samples round.json rows.csv --out disclosure.json --account 1"))
    .action(async (roundPath, path, options) => {
      const round = await readRound(roundPath);
      const rows = await readSamples(path, round.encoding, options);
      const connection = await session.connection({ chainId: round.chainId });
      const payee = options.payee ?? walletAddress(await session.wallet(connection));
      const trustStore = await roundTrust(session, connection, round.shape);
      const { stored } = await checkRound(connection, round, trustStore);
      session.output.note([...offerLines(round, stored), ...sampleLines(rows, path), ...PROVIDER_LIMITS].join("\n"));
      await session.confirm(`Write these rows into ${options.out}, for the owner ${round.owner} to see?`);
      const { journal } = session;
      const { disclosure } = await commitContribution(connection, journal, round, payee, rows.samples, trustStore);
      await writeResult(options.out, encodeDisclosure(disclosure), { secret: true });
      const { report, dropped, samples } = rows;
      session.output.result(
        {
          ...roundJson(round),
          ...{ payee, commitment: fieldToHex(disclosure.commitment), file: options.out },
          ...{ rows: samples.rows.length, report, dropped },
        },
        [
          `Committed to ${samples.rows.length} rows for ${payee}.`,
          `The disclosure is ${options.out}: send it to the owner alone, over a private channel. The receipt comes back.`,
        ],
      );
    });
}
