import { Command } from "@commander-js/extra-typings";
import { chartSvg } from "@zkcmp/chain/rounds/bar-chart";
import { roundChart } from "@zkcmp/chain/rounds/round-chart";
import { roundStatus } from "@zkcmp/chain/rounds/round-status";
import { roundIdToHex } from "@zkcmp/chain/rounds/round-terms";
import { chartLines } from "../bar-chart.ts";
import { NotYetError, UsageError } from "../cli-error.ts";
import { writeFileWhole } from "../file.ts";
import { example } from "../help.ts";
import { parseNames } from "../option-value.ts";
import { readRound, ROUND_HELP } from "../round-input.ts";
import { roundJson } from "../round-lines.ts";
import type { Session } from "../session.ts";

export function roundChartCommand(session: Session) {
  return new Command("chart")
    .description("draw the Shapley values and rewards of a round, in the terminal and as an SVG file")
    .argument("<round>", ROUND_HELP)
    .option("--svg <file>", "where to write the chart as an SVG file")
    .option(
      "--names <names>",
      "names of the providers by slot, separated by commas (default: their addresses)",
      parseNames,
    )
    .addHelpText("after", example("zkcmp round chart round.json --svg chart.svg"))
    .action(async (path, { svg, names }) => {
      const round = await readRound(path);
      const connection = await session.connection({ chainId: round.chainId });
      const status = await roundStatus(connection, round);
      const { providers, stored } = status;
      if (names !== undefined && names.length !== providers.length) {
        throw new UsageError(
          `the round has ${providers.length} providers, and ${names.length} names were given`,
          "Give one name for each slot.",
        );
      }
      if (status.equal === null) {
        throw new NotYetError(
          `the round is ${stored.state}, there is nothing to draw`,
          "Wait for a proof or a settlement; see `zkcmp round status`.",
        );
      }
      const chart = roundChart(status, round.terms.token, {
        title: `Round ${roundIdToHex(round.roundId).slice(0, 10)}…`,
        labels: names,
      });
      if (svg !== undefined) await writeFileWhole(svg, chartSvg(chart), session.options.force);
      session.output.result(
        {
          ...roundJson(round),
          ...{ pool: stored.pool, equal: status.equal, file: svg ?? null },
          providers: providers.map(({ slot, payee, value, earned }) => ({ slot, payee, value, earned })),
        },
        [...chartLines(chart), ...(svg === undefined ? [] : ["", `The chart is also in ${svg}.`])],
      );
    });
}
