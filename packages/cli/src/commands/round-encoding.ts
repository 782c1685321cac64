import { Command } from "@commander-js/extra-typings";
import {
  encodeTable,
  fitSampleEncoding,
  reportLines,
  sampleEncodingToJson,
  digestEncoding,
} from "@zkcmp/shapley/sample-encoding";
import { readSampleTable } from "@zkcmp/shapley/sample-table";
import { formatJson } from "@zkcmp/network/json-file";
import { writeResult } from "../file.ts";
import { example } from "../help.ts";
import { parseIntegerFrom, parseNames, parseRange } from "../option-value.ts";
import type { Session } from "../session.ts";

export function roundEncodingCommand(session: Session) {
  return new Command("encoding")
    .description("model owner: fit the public rule that turns columns into digits, on rows that belong to no provider")
    .argument("<csv>", "rows with a header, such as the validation rows")
    .requiredOption("--features <columns>", "the columns to learn from, separated by commas", parseNames)
    .requiredOption("--target <column>", "the column to predict")
    .option("--classes <names>", "the target is a class: all classes in order, separated by commas", parseNames)
    .option("--data-bits <bits>", "bits of a digit", parseIntegerFrom(2, 16), 12)
    .option("--range <column=low..high>", "the range of a column, if known; may be given again", parseRange)
    .option("--drop-missing", "leave out rows with missing values", false)
    .requiredOption("--out <file>", "where to write the encoding, which is public")
    .addHelpText(
      "after",
      example("zkcmp round encoding validation.csv --features weight,horsepower --target mpg --out encoding.json"),
    )
    .action(async (path, options) => {
      const { features, target, classes, dataBits, dropMissing, range } = options;
      const table = await readSampleTable(path, { columns: [...features, target], dropMissing });
      const encoding = fitSampleEncoding(table, {
        dataBits,
        features,
        target:
          classes === undefined ? { kind: "regression", name: target } : { kind: "classes", name: target, classes },
        ...(range === undefined ? {} : { ranges: range }),
      });
      await writeResult(options.out, `${formatJson(sampleEncodingToJson(encoding))}\n`, session.options);
      const { report } = encodeTable(encoding, table);
      session.output.result(
        {
          file: options.out,
          digest: digestEncoding(encoding),
          rows: table.rows.length,
          dropped: table.dropped,
          report,
        },
        [
          `The encoding of ${table.rows.length} rows is in ${options.out}. It becomes public with the round.`,
          ...reportLines(report).map((line) => `  ${line}`),
          ...(table.dropped.length === 0 ? [] : [`Left out: line ${table.dropped.join(", ")}.`]),
          `Next: zkcmp round shape --encoding ${options.out}`,
        ],
      );
    });
}
