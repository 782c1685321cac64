import { join } from "node:path";
import { developmentKey } from "@zkcmp/groth16/circuit-key";
import { createGroth16 } from "@zkcmp/groth16/proof-system";
import { saleCircuit, saleConstraints } from "@zkcmp/groth16/sale-circuit";
import { preflight } from "@zkcmp/libra/preflight";
import { createLibra } from "@zkcmp/libra/proof-system";
import type { SaleVariant } from "@zkcmp/libra/sale/sale-system";
import type { NetworkShape } from "@zkcmp/network/shape";
import { PROOF_SYSTEM_IDS, type ProofSystemId } from "@zkcmp/sale/core";
import type { ProofSystem } from "@zkcmp/sale/proof-system";
import type { Narration } from "./narration.ts";

/** The proof system of this name. */
export function namedProofSystem(name: string): ProofSystemId {
  const found = PROOF_SYSTEM_IDS.find((id) => id === name);
  if (found === undefined) throw new Error(`there is no proof system ${name}: choose ${PROOF_SYSTEM_IDS.join(" or ")}`);
  return found;
}

/** A proof system that is ready for deals of one shape and number of proven rows. */
export interface ReadyProofSystem {
  readonly proofSystem: ProofSystem;
  /** Constraints of the circuit, or gates. */
  readonly size: number;
}

/** Libra, which needs nothing to be made ready. */
export function readyLibra(sale: SaleVariant): ReadyProofSystem {
  return { proofSystem: createLibra(), size: preflight(sale).gates };
}

/**
 * Groth16 with a development key, of which a trust store in `home` knows.
 * @param steps names for the seconds of compiling the circuit and of making the key
 */
export async function readyGroth16(
  shape: NetworkShape,
  rows: number,
  home: string,
  { say }: Narration,
  steps: readonly [compile: string, setup: string] = ["compile", "setup"],
): Promise<ReadyProofSystem> {
  const circuit = saleCircuit(shape, rows);
  const size = saleConstraints(circuit).total;
  const trustStore = join(home, "trusted-keys.json");
  const key = await developmentKey(circuit, trustStore, {
    progress: (step, done) => {
      if (step === "setup" && done === 0)
        say(`groth16: circuit for ${rows} rows compiled, ${size} constraints`, steps[0]);
    },
  });
  say("groth16: development key made (anyone can forge under it; only development chains accept it)", steps[1]);
  const proofSystem = createGroth16({ circuit, key, trustStore, development: true, zkeyPath: key.zkeyPath });
  return { proofSystem, size };
}
