import { Command } from "@commander-js/extra-typings";
import { preflight } from "@zkcmp/groth16/preflight";
import { developmentKey } from "@zkcmp/groth16/circuit-key";
import { COMMITTED_OPTION, chosenCircuit } from "../circuit-file.ts";
import { foreseenSize } from "../circuit-size.ts";
import { example } from "../help.ts";
import { parseCount } from "../option-value.ts";
import { trustStorePath } from "../proof-systems.ts";
import type { Session } from "../session.ts";

export function setupDevelopmentCommand(session: Session) {
  return new Command("development")
    .description("make the development key of a circuit; every verifier refuses it off development chains")
    .option("--network <file>", "the integer network")
    .option("--rows <n>", "rows to be proven: all, or the drawn ones", parseCount)
    .addOption(COMMITTED_OPTION)
    .option("--circuit <file>", "or the circuit file of a setup")
    .addHelpText("after", example("zkcmp setup development --network network.json --rows 100"))
    .action(async (options) => {
      const circuit = await chosenCircuit(options);
      preflight(foreseenSize(circuit));
      const { progress } = session.output;
      const { zkeyPath, ...key } = await developmentKey(circuit, trustStorePath(session), { progress });
      session.output.result({ circuit: circuit.name, key: zkeyPath, ...key }, [
        `Development key of ${circuit.name}: ${zkeyPath}`,
        "Anyone can forge proofs under it. `seal` makes it by itself on development chains.",
      ]);
    });
}
