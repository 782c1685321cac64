import { Command } from "@commander-js/extra-typings";
import { preparePhaseOne } from "@zkcmp/groth16/phase-one";
import { example } from "../help.ts";
import type { Session } from "../session.ts";

export function setupPhaseOnePrepareCommand(session: Session) {
  return new Command("prepare")
    .description("prepare powers of tau for keys, when both parties have contributed; takes long")
    .argument("<from>", "the .ptau file with all contributions")
    .argument("<to>", "the prepared .ptau file to write")
    .addHelpText("after", example("zkcmp setup phase-one prepare pot-2.ptau pot.ptau"))
    .action(async (from, to) => {
      session.output.progress("preparing phase 1");
      await preparePhaseOne(from, to);
      session.output.result({ file: to }, [`${to} is prepared. Make keys from it: zkcmp setup key new`]);
    });
}
