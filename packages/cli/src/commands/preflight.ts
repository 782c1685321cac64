import { Command } from "@commander-js/extra-typings";
import { describePreflight, preflight } from "@zkcmp/groth16/preflight";
import { COMMITTED_OPTION, chosenCircuit } from "../circuit-file.ts";
import { foreseenSize } from "../circuit-size.ts";
import { example } from "../help.ts";
import { parseCount } from "../option-value.ts";
import type { Session } from "../session.ts";

export function preflightCommand(session: Session) {
  return new Command("preflight")
    .description("constraints, memory and minutes of setup and proof, before anything long begins")
    .option("--network <file>", "the integer network")
    .option("--rows <n>", "rows to be proven: all, or the drawn ones", parseCount)
    .addOption(COMMITTED_OPTION)
    .option("--circuit <file>", "or the circuit file of a setup")
    .addHelpText("after", example("zkcmp preflight --network network.json --rows 86"))
    .action(async (options) => {
      const circuit = await chosenCircuit(options);
      const result = preflight(foreseenSize(circuit));
      session.output.result({ circuit: circuit.name, publicSignals: circuit.publicCount, ...result }, [
        `${circuit.name}: ${describePreflight(result)}.`,
        "Times are rough, for the cores of this computer; compiling the circuit, once, comes on top.",
      ]);
    });
}
