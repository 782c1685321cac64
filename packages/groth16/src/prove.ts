import { type FieldElement, toFieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import * as snarkjs from "snarkjs";
import { sharedCurve } from "./curve.ts";
import { type Proof, proofFromJson } from "./proof.ts";
import { SectionFile } from "./sections.ts";

/** The proof could not be made: key and witness belong to different circuits, or the key is damaged inside. */
export class ProvingError extends ZkcmpError {
  constructor(problem: string, options?: ErrorOptions) {
    super(
      `The proof could not be made: ${problem}`,
      "Check that key and witness belong to the same build of the circuit",
      options,
    );
  }
}

export interface ProofWithSignals {
  readonly proof: Proof;
  /** The public signals, read from the witness. */
  readonly publicSignals: readonly FieldElement[];
}

/**
 * Makes a Groth16 proof with snarkjs on all cores. A witness that does not satisfy the circuit gives a proof that does not
 * verify: verify what you hand over.
 * @param zkey path or bytes of the proving key
 * @param witness bytes of a .wtns file
 * @param onProgress called with a share in [0, 1] that only grows
 * @throws {ProvingError | BinaryFileError}
 */
export async function prove(
  zkey: string | Uint8Array,
  witness: Uint8Array,
  onProgress: (fraction: number) => void = () => undefined,
): Promise<ProofWithSignals> {
  requireSameCircuit(zkey, witness);
  await sharedCurve();
  try {
    const { proof, publicSignals } = await snarkjs.groth16.prove(zkey, witness, progressLogger(onProgress));
    onProgress(1);
    return {
      proof: proofFromJson(proof),
      publicSignals: publicSignals.map((signal) => toFieldElement(BigInt(signal))),
    };
  } catch (cause) {
    throw new ProvingError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Checked here because snarkjs leaves the key file open where it finds a fault. */
function requireSameCircuit(zkey: string | Uint8Array, witness: Uint8Array): void {
  const values = Buffer.from(new SectionFile(witness, "wtns", 2).read(1, 36, 4)).readUInt32LE(0);
  const key = new SectionFile(zkey, "zkey", 1);
  try {
    if (Buffer.from(key.read(1)).readUInt32LE(0) !== 1) throw new ProvingError("the key is not for Groth16");
    const wires = Buffer.from(key.read(2, 72, 4)).readUInt32LE(0);
    if (values !== wires) throw new ProvingError(`the witness has ${values} wires, the key ${wires}`);
  } finally {
    key.close();
  }
}

/** What snarkjs reports when it begins a step, and the share of the time that is over then (a dense circuit of 2^16). */
const STEPS: readonly (readonly [start: string, fraction: number])[] = [
  ["Building ABC", 0.02],
  ["QAP C", 0.06],
  ["Join ABC", 0.13],
  ["Reading A Points", 0.14],
  ["Reading B1 Points", 0.26],
  ["Reading B2 Points", 0.35],
  ["Reading C Points", 0.73],
  ["Reading H Points", 0.86],
];

function progressLogger(onProgress: (fraction: number) => void) {
  let reached = 0;
  const debug = (message: string): void => {
    const fraction = STEPS.find(([start]) => message.startsWith(start))?.[1] ?? 0;
    if (fraction > reached) onProgress((reached = fraction));
  };
  return { debug, info: () => undefined, warn: () => undefined, error: () => undefined };
}
