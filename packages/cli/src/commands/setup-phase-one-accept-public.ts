import { Command } from "@commander-js/extra-typings";
import { verifyPhaseOne } from "@zkcmp/groth16/phase-one";
import { example } from "../help.ts";
import type { Session } from "../session.ts";

export function setupPhaseOneAcceptPublicCommand(session: Session) {
  return new Command("accept-public")
    .description("check that a file is one of the public ceremony whose hashes stand in the source")
    .argument("<file>", "a prepared .ptau file, such as powersOfTau28_hez_final_16.ptau")
    .addHelpText("after", example("zkcmp setup phase-one accept-public powersOfTau28_hez_final_16.ptau"))
    .action(async (file) => {
      session.output.progress("hashing the file");
      const accepted = await verifyPhaseOne(file);
      session.output.result({ file, ...accepted }, [
        `${file} is accepted: ${accepted.kind === "public" ? accepted.name : "shared"}, for circuits of up to 2^${accepted.power} constraints.`,
      ]);
    });
}
