import { Command } from "@commander-js/extra-typings";
import { isDevelopmentChain } from "@zkcmp/chain/network-connection";
import { deployRewards } from "@zkcmp/chain/rounds/rewards-deployment";
import { trustedKey } from "@zkcmp/groth16/trusted-circuit-key";
import { hashFile } from "@zkcmp/groth16/new-file";
import { findTrustedKey } from "@zkcmp/groth16/trust-store";
import { readRoundCircuitFile } from "../circuit-file.ts";
import { RefusedError } from "../cli-error.ts";
import { example } from "../help.ts";
import { trustStorePath } from "../proof-systems.ts";
import { makeDevelopmentKey } from "../round-key.ts";
import type { Session } from "../session.ts";

export function roundDeployCommand(session: Session) {
  return new Command("deploy")
    .description(
      "put the rewards contract of a circuit on chain, with a verifier of its key; once for all rounds of it",
    )
    .argument("<circuit>", "the circuit file that `round shape` wrote")
    .option("--proving-key <file>", "the verified key, if there are several; development chains make their own")
    .addHelpText("after", example("zkcmp round deploy circuit.json --account 0"))
    .action(async (path, options) => {
      const circuit = await readRoundCircuitFile(path);
      const { connection, wallet } = await session.party();
      const trustStore = trustStorePath(session);
      const development = isDevelopmentChain(connection.chainId);
      const zkeySha256 =
        options.provingKey !== undefined
          ? await hashFile(options.provingKey, "sha256")
          : development
            ? (await makeDevelopmentKey(session, circuit)).zkeySha256.slice(2)
            : (await trustedKey(circuit, trustStore, development)).zkeySha256.slice(2);
      const key = await findTrustedKey(trustStore, zkeySha256, { development });
      if (key.circuit !== circuit.name) {
        throw new RefusedError(
          `the key was verified for the circuit ${key.circuit}, not for ${circuit.name}`,
          "Name the key of this circuit.",
        );
      }
      await session.confirm(`Deploy the rewards contract of ${circuit.name}? This costs gas, unless it is there.`);
      session.output.progress("deploying");
      const { rewards, verifier } = await deployRewards(connection, wallet, key.verificationKey, circuit.shape);
      session.output.result({ rewards, verifier, circuit: circuit.name, zkeySha256: `0x${zkeySha256}` }, [
        `Rewards contract ${rewards}, with the verifier ${verifier}.`,
        "Its address hashes its code, the key and the shape: it is the same on every chain.",
        `Next: zkcmp round open validation.csv --encoding encoding.json --rewards ${rewards} --out round.json`,
      ]);
    });
}
