import type { Kernels } from "@zkcmp/field/kernels/kernels";
import type { Argument } from "@zkcmp/libra/argument";
import { closeProof, prepareOpening, type ProverProtocol, runProtocol } from "@zkcmp/libra/prover/argument";
import { systemRandomness } from "@zkcmp/libra/prover/random-source";
import type { TableValues } from "@zkcmp/libra/table";
import type { VerifierProtocol } from "@zkcmp/libra/verifier/argument";

/** proveArgument without its checks: proves what does not hold as well as it can. */
export function forgeArgument(
  kernels: Kernels,
  argument: Argument,
  statement: Uint8Array,
  tables: readonly TableValues[],
  protocol: ProverProtocol,
  verifierProtocol: VerifierProtocol,
): Uint8Array {
  return kernels.scope(() => {
    const silent = () => undefined;
    const run = runProtocol(systemRandomness, kernels, argument, statement, tables, protocol, verifierProtocol, silent);
    return closeProof(systemRandomness, kernels, run, prepareOpening(systemRandomness, kernels, argument, run));
  });
}
