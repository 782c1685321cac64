import { existsSync } from "node:fs";
import { Command } from "@commander-js/extra-typings";
import { readPhaseOne } from "@zkcmp/groth16/phase-one";
import { verifyKey } from "@zkcmp/groth16/phase-two";
import { readProvingKey } from "@zkcmp/groth16/proving-key";
import { compileNamedCircuit } from "@zkcmp/groth16/circuit-compilation";
import { addTrustedKey } from "@zkcmp/groth16/trust-store";
import { COMMITTED_OPTION, chosenCircuit, circuitFileOf } from "../circuit-file.ts";
import { RefusedError } from "../cli-error.ts";
import { example } from "../help.ts";
import { parseCount } from "../option-value.ts";
import { trustStorePath } from "../proof-systems.ts";
import type { Session } from "../session.ts";

export function setupKeyVerifyCommand(session: Session) {
  return new Command("verify")
    .description("check a key, its circuit, its powers of tau and your own part in them, and trust it from then on")
    .argument("<key>", "the finished .zkey file")
    .option("--network <file>", "the integer network")
    .option("--rows <n>", "rows to be proven: all, or the drawn ones", parseCount)
    .addOption(COMMITTED_OPTION)
    .option("--circuit <file>", "or the circuit file (default: the one beside the key)")
    .requiredOption("--phase-one <file>", "the prepared powers of tau that the key was made from")
    .addHelpText("after", example("zkcmp setup key verify key-2.zkey --phase-one pot.ptau"))
    .action(async (zkey, options) => {
      const beside = circuitFileOf(zkey);
      const isNamed = options.network !== undefined || options.rows !== undefined || options.circuit !== undefined;
      const circuit = await chosenCircuit(!isNamed && existsSync(beside) ? { circuit: beside } : options);
      session.output.progress("compiling the circuit");
      const { r1csPath } = await compileNamedCircuit(circuit);
      session.output.progress("checking the key");
      const own = await ownContributions(session, zkey, options.phaseOne);
      const { verificationKey, r1csSha256, zkeySha256, phaseOne, contributions } = await verifyKey(
        { r1cs: r1csPath, ptau: options.phaseOne, zkey },
        own,
      );
      await addTrustedKey(trustStorePath(session), {
        circuit: circuit.name,
        r1csSha256,
        zkeySha256,
        verificationKey,
        provenance: { kind: "ceremony", ownContribution: own.key },
      });
      session.output.result({ circuit: circuit.name, r1csSha256, zkeySha256, phaseOne, contributions }, [
        `The key is right and your contribution is in it: ${zkey} (SHA-256 ${zkeySha256}).`,
        `Its circuit is ${circuit.name}, its powers of tau are ${phaseOne.kind === "public" ? phaseOne.name : "those that you contributed to"}.`,
        "Proofs under this key are accepted from now on. It proves nothing to anybody who did not contribute.",
      ]);
    });
}

/** Which of the contributions made here are in the files. @throws {RefusedError} if none is in the key */
async function ownContributions(
  session: Session,
  zkey: string,
  ptau: string,
): Promise<{ key: string; phaseOne?: string }> {
  const own = await session.contributions.all();
  const { contributions } = await readProvingKey(zkey);
  const key = contributions.find(({ hash }) => own.key.includes(hash))?.hash;
  if (key === undefined) {
    throw new RefusedError(
      `none of the contributions that were made with this home is in ${zkey}`,
      "Contribute with `zkcmp setup key contribute`, and use the file that descends from it.",
    );
  }
  const powers = await readPhaseOne(ptau);
  const phaseOne = powers.contributions.find(({ hash }) => own.phaseOne.includes(hash))?.hash;
  return phaseOne === undefined ? { key } : { key, phaseOne };
}
