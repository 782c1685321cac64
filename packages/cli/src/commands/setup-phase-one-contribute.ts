import { Command } from "@commander-js/extra-typings";
import { contributePhaseOne } from "@zkcmp/groth16/phase-one";
import { example } from "../help.ts";
import type { Session } from "../session.ts";

export function setupPhaseOneContributeCommand(session: Session) {
  return new Command("contribute")
    .description("add your secret to powers of tau, and remember that it is in there")
    .argument("<from>", "the .ptau file so far")
    .argument("<to>", "the .ptau file to write, for the other party")
    .option("--name <name>", "what you call yourself in the file, readable by everyone", "zkcmp")
    .addHelpText("after", example("zkcmp setup phase-one contribute pot-0.ptau pot-1.ptau --name buyer"))
    .action(async (from, to, options) => {
      session.output.progress("contributing to phase 1");
      const hash = await contributePhaseOne(from, to, options.name);
      await session.contributions.add("phaseOne", hash);
      session.output.result({ file: to, contribution: hash }, [
        `Your contribution ${hash} is in ${to}.`,
        `Its hash is kept in ${session.contributions.path}.`,
      ]);
    });
}
