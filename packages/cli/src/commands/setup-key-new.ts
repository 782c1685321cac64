import { Command } from "@commander-js/extra-typings";
import { newKey } from "@zkcmp/groth16/phase-two";
import { preflight } from "@zkcmp/groth16/preflight";
import { compileNamedCircuit } from "@zkcmp/groth16/circuit-compilation";
import { formatSpan } from "@zkcmp/sale/time";
import { COMMITTED_OPTION, chosenCircuit, circuitFileOf, encodeCircuitFile } from "../circuit-file.ts";
import { foreseenSize } from "../circuit-size.ts";
import { expectWritable, writeFileWhole } from "../file.ts";
import { example } from "../help.ts";
import { parseCount } from "../option-value.ts";
import type { Session } from "../session.ts";

export function setupKeyNewCommand(session: Session) {
  return new Command("new")
    .description("start the key of a circuit from powers of tau; both parties then contribute to it")
    .option("--network <file>", "the integer network")
    .option("--rows <n>", "rows to be proven: all, or the drawn ones", parseCount)
    .addOption(COMMITTED_OPTION)
    .option("--circuit <file>", "or the circuit file of a setup")
    .requiredOption("--phase-one <file>", "prepared powers of tau, public or shared")
    .requiredOption("--out <file>", "the .zkey file to write; the circuit file comes beside it")
    .addHelpText(
      "after",
      example("zkcmp setup key new --network network.json --rows 86 --phase-one pot.ptau --out key-0.zkey"),
    )
    .action(async (options) => {
      const circuit = await chosenCircuit(options);
      const circuitFile = circuitFileOf(options.out);
      expectWritable(circuitFile, session.options.force);
      const foreseen = preflight(foreseenSize(circuit));
      session.output.note(`This takes about ${formatSpan(foreseen.ceremonySeconds)} on this computer.`);
      session.output.progress("compiling the circuit");
      const { r1csPath } = await compileNamedCircuit(circuit);
      session.output.progress("making the key");
      await newKey({ r1cs: r1csPath, ptau: options.phaseOne, zkey: options.out });
      await writeFileWhole(circuitFile, encodeCircuitFile(circuit), session.options.force);
      session.output.result({ circuit: circuit.name, key: options.out, circuitFile }, [
        `The key of ${circuit.name} is started in ${options.out}, the circuit is described in ${circuitFile}.`,
        "Nobody has contributed yet: zkcmp setup key contribute, then send both files to the other party.",
      ]);
    });
}
