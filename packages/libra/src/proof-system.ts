import { isBytes } from "@noble/hashes/utils.js";
import { createKernels } from "@zkcmp/field/kernels/create-kernels";
import type { Kernels } from "@zkcmp/field/kernels/kernels";
import type { ProofSystem } from "@zkcmp/sale/proof-system";
import { checkWitness } from "@zkcmp/sale/witness-check";
import { foreseenProofBytes, leastProofBytes, preflight } from "./preflight.ts";
import { ProofFormatError } from "./proof.ts";
import { proveArgument } from "./prover/argument.ts";
import { proveSale } from "./sale/prover.ts";
import { salePublicData } from "./sale/public-data.ts";
import { saleSystemOf } from "./sale/sale-system.ts";
import { verifySale } from "./sale/verifier.ts";
import { saleTables } from "./sale/witness.ts";
import { verifyArgument } from "./verifier/argument.ts";

export interface LibraOptions {
  /** Of the kernels; one for each core of the processor, at most 8, if not given. */
  readonly threads?: number;
}

/** The sale statement in Libra (eprint 2019/317) with committed messages: no setup, no keys. */
export function createLibra(options: LibraOptions = {}): ProofSystem {
  // Made with the first proof and kept: generators are made once. Its threads do not keep the process alive.
  let started: Promise<Kernels> | undefined;
  return libraWith(() => {
    if (started === undefined) {
      started = createKernels(options);
      // A failed start is not kept: the next call tries again.
      started.catch(() => (started = undefined));
    }
    return started;
  });
}

/** {@link createLibra} with given kernels. */
export function libraWith(startKernels: () => Promise<Kernels>): ProofSystem {
  return {
    id: "libra",
    keyFiles: {},
    prove: async (statement, witness, progress = () => undefined) => {
      checkWitness(statement.core, witness);
      const data = salePublicData(statement);
      const system = saleSystemOf(statement);
      preflight(system);
      const kernels = await startKernels();
      return kernels.scope(() => {
        progress("witness");
        const tables = saleTables(kernels, system, data, witness);
        return proveArgument(
          kernels,
          system.argument,
          data.encoding,
          tables.tables,
          (channel, committed) => proveSale(kernels, system, data, tables, channel, committed, progress),
          (channel) => verifySale(kernels, system, data, channel),
          progress,
        );
      });
    },
    verify: async (statement, proof, progress = () => undefined) => {
      progress("verify");
      const data = salePublicData(statement);
      if (!isBytes(proof)) throw new ProofFormatError("it is not a Uint8Array");
      const { length } = proof;
      const { core, provenRows } = statement;
      // Before circuits are made for it, and before kernels are started for it.
      if (length < leastProofBytes(core.shape, provenRows.rows.length)) {
        throw new ProofFormatError(`it has only ${length} bytes`);
      }
      const system = saleSystemOf(statement);
      const expected = foreseenProofBytes(system);
      if (length !== expected) throw new ProofFormatError(`it has ${length} bytes in place of ${expected}`);
      const kernels = await startKernels();
      verifyArgument(kernels, system.argument, data.encoding, proof, (channel) =>
        verifySale(kernels, system, data, channel),
      );
    },
  };
}
