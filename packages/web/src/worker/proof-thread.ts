import { ZkcmpError } from "@zkcmp/field/error";
import type { Progress, SaleWitness } from "@zkcmp/sale/proof-system";
import type { SaleStatement } from "@zkcmp/sale/statement";
import { PolicedWorker as Worker } from "../policed-worker.ts";
import { unpackFailure } from "./proof-failure.ts";
import type { ProofNews, ProofTask } from "./proof-message.ts";

/** A proof was stopped before it was done. */
export class ProofStoppedError extends ZkcmpError {}

/** A proof that is being made. */
export interface RunningProof {
  readonly proof: Promise<Uint8Array>;
  /** Ends it at once; `proof` then fails with {@link ProofStoppedError}. */
  stop(): void;
}

/** Makes a proof somewhere. */
export type StartProof = (statement: SaleStatement, witness: SaleWitness, progress: Progress) => RunningProof;

/**
 * Makes a Libra proof in a worker of its own: proving is one long computation, in whose middle the desk still answers, and
 * which ends when its worker does.
 */
export const startProofWorker: StartProof = (statement, witness, progress) => {
  const worker = new Worker(new URL("./proof-worker.ts", import.meta.url), { type: "module", name: "proof" });
  let fail: (error: Error) => void = () => undefined;
  const proof = new Promise<Uint8Array>((resolve, reject) => {
    fail = reject;
    worker.onmessage = ({ data }: MessageEvent<ProofNews>) => {
      switch (data.kind) {
        case "ready": {
          const task: ProofTask = { statement, witness };
          worker.postMessage(task);
          break;
        }
        case "progress":
          progress(data.step, data.done);
          break;
        case "proof":
          resolve(data.proof);
          break;
        case "failed":
          reject(unpackFailure(data.failure, statement.core));
      }
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(
        new ProofStoppedError(
          "the part of the page that proves has stopped, most likely because memory ran out",
          "Close other tabs and try again, or prove with the command line; nothing is lost.",
        ),
      );
    };
  }).finally(() => worker.terminate());
  const stop = (): void => fail(new ProofStoppedError("the proof was stopped", "Start it again; nothing is lost."));
  return { proof, stop };
};
