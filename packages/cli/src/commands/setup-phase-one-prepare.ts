import { availableParallelism } from "node:os";
import { Command } from "@commander-js/extra-typings";
import { preparePhaseOne, readPhaseOne } from "@zkcmp/groth16/phase-one";
import { formatSpan } from "@zkcmp/sale/time";
import { example } from "../help.ts";
import type { Session } from "../session.ts";

export function setupPhaseOnePrepareCommand(session: Session) {
  return new Command("prepare")
    .description("prepare powers of tau for keys, when both parties have contributed; takes long")
    .argument("<from>", "the .ptau file with all contributions")
    .argument("<to>", "the prepared .ptau file to write")
    .addHelpText("after", example("zkcmp setup phase-one prepare pot-2.ptau pot.ptau"))
    .action(async (from, to) => {
      const { power } = await readPhaseOne(from);
      session.output.note(`This takes about ${formatSpan(secondsFor(power))} on this computer.`);
      session.output.progress("preparing phase 1");
      await preparePhaseOne(from, to);
      session.output.result({ file: to }, [`${to} is prepared. Make keys from it: zkcmp setup key new`]);
    });
}

/** Measured: 391 core seconds at power 14; the work grows as n log n. */
function secondsFor(power: number): number {
  return (391 * 2 ** (power - 14) * power) / 14 / availableParallelism();
}
