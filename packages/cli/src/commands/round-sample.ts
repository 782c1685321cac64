import { Command } from "@commander-js/extra-typings";
import { gramOf } from "@zkcmp/shapley/gram";
import { roundGame, sampleValues } from "@zkcmp/shapley/permutation-sampling";
import { parseRoundShape } from "@zkcmp/shapley/round-shape";
import { encodeTable, readSampleEncoding, targetCount } from "@zkcmp/shapley/sample-encoding";
import { groupByText, readSampleTable } from "@zkcmp/shapley/sample-table";
import { UsageError } from "../cli-error.ts";
import { example } from "../help.ts";
import { parseIntegerFrom, parseSeed, parseShare } from "../option-value.ts";
import { readSamples } from "../round-input.ts";
import type { Session } from "../session.ts";

export function roundSampleCommand(session: Session) {
  return new Command("sample")
    .description("estimate the Shapley values of any number of providers from random orders; nothing is proven by it")
    .argument("<csv>", "the rows of all providers, with a column that names the provider")
    .requiredOption("--by <column>", "the column that names the provider of a row")
    .requiredOption("--encoding <file>", "the encoding of the rows")
    .requiredOption("--validation <csv>", "the validation rows")
    .requiredOption("--seed <hex>", "32 bytes that nobody could choose: see `zkcmp round seed`", parseSeed)
    .requiredOption("--ridge-bits <l>", "the ridge is 2^l", parseIntegerFrom(0, 63))
    .option("--fraction-bits <f>", "fractional bits of a coefficient, 24 to 48", parseIntegerFrom(24, 48), 40)
    .option("--epsilon <share>", "the largest error (default and limit: 1 / (4 providers))", parseShare)
    .option("--delta <probability>", "the probability that some estimate errs by more", parseShare, 0.05)
    .option("--drop-missing", "leave out rows with missing values", false)
    .addHelpText(
      "after",
      example(
        "zkcmp round sample rows.csv --by clinic --encoding encoding.json --validation validation.csv --ridge-bits 30 --seed 0x...",
      ),
    )
    .action(async (path, options) => {
      const { by, dropMissing, fractionBits, ridgeBits, delta } = options;
      const encoding = await readSampleEncoding(options.encoding);
      const validation = await readSamples(options.validation, encoding, { dropMissing });
      const columns = [by, ...encoding.features.map(({ name }) => name), encoding.target.name];
      const groups = groupByText(await readSampleTable(path, { columns, dropMissing }), by);
      if (groups.size < 2) {
        throw new UsageError(`the column ${by} names ${groups.size} provider`, "Name the column of the providers.");
      }
      const names = [...groups.keys()];
      const samples = [...groups.values()].map((table) => encodeTable(encoding, table).samples);
      const shape = parseRoundShape({
        providers: 1,
        rows: Math.max(...samples.map(({ rows }) => rows.length)),
        features: encoding.features.length,
        outputs: targetCount(encoding),
        dataBits: encoding.dataBits,
        fractionBits,
        integerBits: 10,
        validationRows: validation.samples.rows.length,
      });
      const validationGram = gramOf(shape, validation.samples);
      const game = roundGame(
        samples.map((rows) => gramOf(shape, rows)),
        validationGram,
        ridgeBits,
        fractionBits,
      );
      // A coalition that does worse than the public offset counts as none: no reward is paid for what is below it.
      const range = [0n, validationGram.squares << BigInt(2 * fractionBits)] as const;
      const epsilon = options.epsilon ?? 1 / (4 * names.length);
      session.output.progress("drawing orders of the providers");
      const sampled = sampleValues(game, options.seed, range, { epsilon, delta });
      session.output.result(
        {
          permutations: sampled.permutations,
          ...{ epsilon: sampled.epsilon, delta, seed: options.seed, clipped: sampled.clipped },
          providers: names.map((name, i) => ({ name, rows: samples[i]!.rows.length, share: sampled.shares[i]! })),
        },
        [
          `${sampled.permutations} orders of ${names.length} providers. Shares of the validation loss that their rows explain:`,
          ...names.map((name, i) => `  ${(100 * sampled.shares[i]!).toFixed(2).padStart(7)} %  ${name}`),
          `With probability ${1 - delta} no share is wrong by more than ${(100 * sampled.epsilon).toFixed(2)} points.`,
          "Whoever has the rows and the seed gets the same figures; nothing else proves them.",
        ],
      );
    });
}
