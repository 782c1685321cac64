import { Command, Option } from "@commander-js/extra-typings";
import { openRound } from "@zkcmp/chain/rounds/open";
import { RewardsContract } from "@zkcmp/chain/rounds/rewards-contract";
import { encodeRoundFile } from "@zkcmp/chain/rounds/round-file";
import { checkRidge, smallestPassingRidge } from "@zkcmp/chain/rounds/slack-check";
import { ETHER } from "@zkcmp/sale/order";
import { parseRoundShape } from "@zkcmp/shapley/round-shape";
import { roundBounds } from "@zkcmp/shapley/bounds";
import { readSampleEncoding } from "@zkcmp/shapley/sample-encoding";
import { formatTime } from "@zkcmp/sale/time";
import { sampleLines } from "@zkcmp/shapley/encoded-samples";
import { writeResult } from "../file.ts";
import { example } from "../help.ts";
import { parseAddress, parseDuration, parseIntegerFrom, parseLabel } from "../option-value.ts";
import { readSamples } from "../round-input.ts";
import { roundTrust } from "../round-key.ts";
import { roundJson } from "../round-lines.ts";
import type { Session } from "../session.ts";
import { transactionJson, transactionLine } from "../transaction-report.ts";

const DAY = 86_400;

export function roundOpenCommand(session: Session) {
  return new Command("open")
    .description("model owner: open a round; its times and its validation rows are fixed for good")
    .argument("<validation-csv>", "the validation rows, on which data is valued; they stay in your journal")
    .requiredOption("--encoding <file>", "the encoding of the rows; it is published in the round file")
    .requiredOption("--rewards <address>", "the rewards contract that `round deploy` named", parseAddress)
    .option("--drop-missing", "leave out rows with missing values", false)
    .option("--token <address>", "pay rewards in this ERC-20 token (default: ether)", parseAddress)
    .option("--ridge-bits <l>", "the ridge is 2^l (default: the smallest that passes)", parseIntegerFrom(0, 63))
    .addOption(
      new Option("--registration <time>", "how long providers may register")
        .argParser(parseDuration)
        .default(7 * DAY, "7d"),
    )
    .addOption(
      new Option("--submission <time>", "how long a proof may come after that, 1h at least")
        .argParser(parseDuration)
        .default(7 * DAY, "7d"),
    )
    .addOption(
      new Option("--claims <time>", "how long rewards may be claimed after that, 30d at least")
        .argParser(parseDuration)
        .default(90 * DAY, "90d"),
    )
    .option("--label <word>", "tells rounds apart of which the same is asked", parseLabel, "first")
    .requiredOption("--out <file>", "where to write the round file, which goes to the providers")
    .addHelpText(
      "after",
      example("zkcmp round open validation.csv --encoding encoding.json --rewards 0x… --out round.json --account 0"),
    )
    .action(async (path, options) => {
      const { rewards, registration, submission, claims, label, token = ETHER } = options;
      const encoding = await readSampleEncoding(options.encoding);
      const rows = await readSamples(path, encoding, options);
      const party = await session.party();
      const { connection } = party;
      const shape = parseRoundShape(await new RewardsContract(connection.provider, rewards).shape());
      const validation = rows.samples;
      const ridgeBits = options.ridgeBits ?? smallestPassingRidge(shape, validation) ?? roundBounds(shape).maxRidgeBits;
      checkRidge(shape, ridgeBits, validation);
      const trustStore = await roundTrust(session, connection, shape);
      session.output.note(sampleLines(rows, path).join("\n"));
      await session.confirm(
        "Open the round? It cannot be cancelled: without a proof in time the pool is split equally. This costs gas.",
      );
      const { round, transaction } = await openRound(
        party,
        { rewards, shape, encoding, validation, token, ridgeBits, registration, submission, claims, label },
        trustStore,
        session.waiting,
      );
      await writeResult(options.out, encodeRoundFile(round), session.options);
      const { registrationUntil, submissionUntil, claimUntil } = round.terms;
      session.output.result({ ...roundJson(round), file: options.out, transaction: transactionJson(transaction) }, [
        `The round is in ${options.out}: send this file to the providers.`,
        transactionLine(transaction),
        `Registration until ${formatTime(registrationUntil)}, proof until ${formatTime(submissionUntil)}, claims until ${formatTime(claimUntil)}; the ridge is 2^${ridgeBits}.`,
        `The salt of the validation rows lies in ${session.options.home}: without it nobody can prove, so keep that folder.`,
      ]);
    });
}
