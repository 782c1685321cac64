import { Command } from "@commander-js/extra-typings";
import { isOpenable, roundBounds, smallestOpenableRidge } from "@zkcmp/shapley/bounds";
import { roundCircuit, roundConstraints } from "@zkcmp/shapley/round-circuit";
import { MAX_PROVIDERS, parseRoundShape } from "@zkcmp/shapley/round-shape";
import { readSampleEncoding, targetCount } from "@zkcmp/shapley/sample-encoding";
import { encodeCircuitFile } from "../circuit-file.ts";
import { writeResult } from "../file.ts";
import { example } from "../help.ts";
import { parseCount, parseIntegerFrom } from "../option-value.ts";
import { foreseenProof } from "../round-key.ts";
import type { Session } from "../session.ts";

export function roundShapeCommand(session: Session) {
  return new Command("shape")
    .description("model owner: name the circuit of rounds, and see what it takes and which ridges it allows")
    .requiredOption("--encoding <file>", "the encoding of the rows")
    .requiredOption("--providers <n>", "slots for providers, 1 to 12", parseIntegerFrom(1, MAX_PROVIDERS))
    .requiredOption("--rows <n>", "the most rows of one provider", parseCount)
    .requiredOption("--validation-rows <n>", "the most validation rows", parseCount)
    .option("--fraction-bits <f>", "fractional bits of a coefficient, 24 to 48", parseIntegerFrom(24, 48), 36)
    .option("--integer-bits <g>", "integer bits of a coefficient, 2 to 10", parseIntegerFrom(2, 10), 6)
    .requiredOption("--out <file>", "where to write the circuit file, for deployment and setup")
    .addHelpText(
      "after",
      example(
        "zkcmp round shape --encoding encoding.json --providers 5 --rows 40 --validation-rows 100 --out circuit.json",
      ),
    )
    .action(async (options) => {
      const encoding = await readSampleEncoding(options.encoding);
      const { providers, rows, validationRows, fractionBits, integerBits } = options;
      const shape = parseRoundShape({
        ...{ providers, rows, validationRows, fractionBits, integerBits },
        features: encoding.features.length,
        outputs: targetCount(encoding),
        dataBits: encoding.dataBits,
      });
      const circuit = roundCircuit(shape);
      const { minRidgeBits, maxRidgeBits } = roundBounds(shape);
      const smallest = smallestOpenableRidge(shape);
      const foreseen = foreseenProof(circuit);
      await writeResult(options.out, encodeCircuitFile(circuit), session.options);
      session.output.result(
        {
          file: options.out,
          circuit: circuit.name,
          constraints: roundConstraints(shape),
          ridgeBits: { least: minRidgeBits, most: maxRidgeBits, smallestOpenable: smallest },
          openable: isOpenable(shape, maxRidgeBits),
        },
        [
          `${circuit.name}: ${foreseen}.`,
          smallest === null
            ? "No ridge passes the rule on rounding: give more --fraction-bits."
            : `Ridges from 2^${smallest} to 2^${maxRidgeBits} can be opened; the validation rows may ask for a larger one.`,
          `The circuit file is ${options.out}. Next: zkcmp round deploy ${options.out}`,
        ],
      );
    });
}
