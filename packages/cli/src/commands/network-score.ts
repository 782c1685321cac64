import { Command } from "@commander-js/extra-typings";
import { readEncoding } from "@zkcmp/network/encoding";
import { readNetwork } from "@zkcmp/network/network";
import { scoreRegression } from "@zkcmp/network/regression-score";
import { score } from "@zkcmp/network/score";
import { regressionScoreLines, scoreLines } from "@zkcmp/network/score-lines";
import { DATA_OPTIONS, readEncodedData } from "../data-source.ts";
import { example } from "../help.ts";
import type { Session } from "../session.ts";
import { readEncodedTargets } from "../target-source.ts";

export function networkScoreCommand(session: Session) {
  return new Command("score")
    .description(
      "score an integer network on a test set by the rule of the proof: rows that it has right, or squared errors",
    )
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
      const { inputBits } = network.shape;
      if (network.reading === undefined) {
        const result = score(network, await readEncodedData(dataPath, options, encoding, inputBits));
        session.output.result({ ...result }, scoreLines(result));
        return;
      }
      const { set, clipped } = await readEncodedTargets(dataPath, options, encoding, inputBits);
      const result = scoreRegression(network, set, encoding?.target?.scale);
      session.output.result({ ...result, clippedTargets: clipped }, regressionScoreLines(result));
    });
}
