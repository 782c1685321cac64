import { Command } from "@commander-js/extra-typings";
import { newPhaseOne } from "@zkcmp/groth16/phase-one";
import { example } from "../help.ts";
import { parsePower } from "../option-value.ts";
import type { Session } from "../session.ts";

export function setupPhaseOneNewCommand(session: Session) {
  return new Command("new")
    .description("start powers of tau of your own, for two parties who use no public ceremony")
    .argument("<file>", "the .ptau file to write")
    .requiredOption("--power <p>", "circuits of up to 2^p constraints, see `zkcmp preflight`", parsePower)
    .addHelpText("after", example("zkcmp setup phase-one new pot-0.ptau --power 14"))
    .action(async (file, options) => {
      session.output.progress("starting phase 1");
      await newPhaseOne(file, options.power);
      session.output.result({ file, power: options.power }, [
        `${file} is for circuits of up to 2^${options.power} constraints. Nobody has contributed yet.`,
        "Both parties contribute in turn: zkcmp setup phase-one contribute",
      ]);
    });
}
