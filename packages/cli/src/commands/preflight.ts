import { Command } from "@commander-js/extra-typings";
import { describePreflight, preflight } from "@zkcmp/groth16/preflight";
import { shapeId } from "@zkcmp/network/shape";
import { COMMITTED_OPTION, chosenCircuit, chosenSale } from "../circuit-file.ts";
import { foreseenSize } from "../circuit-size.ts";
import { UsageError } from "../cli-error.ts";
import { example } from "../help.ts";
import { describeProof } from "@zkcmp/libra/preflight";
import { foreseenLibra } from "../libra-size.ts";
import { parseCount } from "../option-value.ts";
import { FORESEEN_PROOF_SYSTEM_OPTION } from "../proof-system-option.ts";
import type { Session } from "../session.ts";

export function preflightCommand(session: Session) {
  return new Command("preflight")
    .description("memory and time of a proof, its size, and what Groth16's setup takes, before anything long begins")
    .option("--network <file>", "the integer network")
    .option("--rows <n>", "rows to be proven: all, or the drawn ones", parseCount)
    .addOption(COMMITTED_OPTION)
    .addOption(FORESEEN_PROOF_SYSTEM_OPTION)
    .option("--circuit <file>", "or the circuit file of a setup, which is one of groth16")
    .addHelpText(
      "after",
      example(
        "zkcmp preflight --network network.json --rows 1000",
        "zkcmp preflight --network network.json --rows 86 --proof-system groth16",
      ),
    )
    .action(async (options) => {
      const named = options.circuit === undefined ? "libra" : "groth16";
      const { proofSystem = named } = options;
      if (proofSystem === "groth16") {
        const circuit = await chosenCircuit(options);
        const result = preflight(foreseenSize(circuit));
        session.output.result({ proofSystem, circuit: circuit.name, publicSignals: circuit.publicCount, ...result }, [
          `groth16, ${circuit.name}: ${describePreflight(result)}.`,
          "Times are rough, for the cores of this computer; compiling the circuit, once, comes on top.",
        ]);
        return;
      }
      if (options.circuit !== undefined) {
        throw new UsageError("libra has no setup, so no circuit file is its", "Give --network and --rows.");
      }
      const sale = await chosenSale(options);
      const result = foreseenLibra(sale);
      session.output.result({ proofSystem, shape: shapeId(sale.shape), rows: sale.rows, ...result }, [
        `libra, ${shapeId(sale.shape)}, ${sale.rows} rows: ${describeProof(result)}.`,
        "Times are rough, for the cores of this computer.",
      ]);
    });
}
