import { Command } from "@commander-js/extra-typings";
import { readEncoding } from "@zkcmp/network/encoding";
import { readNetwork } from "@zkcmp/network/network";
import { score } from "@zkcmp/network/score";
import { DATA_OPTIONS, readEncodedData } from "../data-source.ts";
import { example } from "../help.ts";
import { scoreLines } from "../score-lines.ts";
import type { Session } from "../session.ts";

export function networkScoreCommand(session: Session) {
  return new Command("score")
    .description("count the rows of a test set that an integer network has right, by the rule of the proof")
    .argument("<network>", "an integer network, as `network import` and `unseal` write it")
    .argument("<data>", "a zkcmp test set, CSV or IDX file")
    .addOption(DATA_OPTIONS.labels)
    .addOption(DATA_OPTIONS.labelColumn)
    .addOption(DATA_OPTIONS.classes)
    .addOption(DATA_OPTIONS.rows)
    .option("--encoding <file>", "the encoding of raw features")
    .addHelpText("after", example("zkcmp network score network.json test.csv --encoding encoding.json"))
    .action(async (networkPath, dataPath, options) => {
      const network = await readNetwork(networkPath);
      const encoding = options.encoding === undefined ? null : await readEncoding(options.encoding);
      const set = await readEncodedData(dataPath, options, encoding, network.shape.inputBits);
      const result = score(network, set);
      session.output.result({ ...result }, scoreLines(result));
    });
}
