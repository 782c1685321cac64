import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { FIELD_BYTES } from "@zkcmp/field/element";
import type { FixedBaseTask } from "./fixed-base-worker.ts";
import type { GroupName } from "./points.ts";
import type { Kernels } from "./wasm-engine.ts";

/** Scalars per message: small enough for steady progress and even load, large enough that messages cost nothing. */
const CHUNK = 8192;

/** More threads would each pay for a table of their own and gain little. */
const MAXIMAL_THREADS = 16;

/** A job: multiply the generator of a group by scalars, and hand over the points in pieces. */
export interface FixedBaseJob {
  readonly group: GroupName;
  /** 32 little-endian bytes each, below r. */
  readonly scalars: Uint8Array;
  /** Takes the points (affine, Montgomery) of a run of scalars that begins with scalar `index`. */
  readonly receive: (points: Uint8Array, index: number) => void;
}

/**
 * Runs jobs on all cores. The pieces arrive in any order, from all jobs mixed.
 * @param onPiece called after every piece with the number of scalars done, G1 counted once and G2 three times
 */
export async function multiplyGenerators(
  kernels: Kernels,
  jobs: readonly FixedBaseJob[],
  onPiece: (done: number, all: number) => void = () => undefined,
): Promise<void> {
  const pieces = jobs.flatMap((job) =>
    Array.from({ length: Math.ceil(job.scalars.length / FIELD_BYTES / CHUNK) }, (_, i) => ({ job, index: i * CHUNK })),
  );
  const threads = Math.min(availableParallelism(), MAXIMAL_THREADS, pieces.length);
  const expected = (group: GroupName) =>
    jobs.reduce((sum, job) => sum + (job.group === group ? job.scalars.length / FIELD_BYTES / threads : 0), 0);
  const weight = (job: FixedBaseJob, count: number) => (job.group === "G1" ? count : 3 * count);
  const all = jobs.reduce((sum, job) => sum + weight(job, job.scalars.length / FIELD_BYTES), 0);
  let done = 0;
  let next = 0;

  const runThread = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      const step = (): void => {
        const piece = pieces[next++];
        if (piece === undefined) return resolve();
        const { job, index } = piece;
        const scalars = new Uint8Array(job.scalars.subarray(index * FIELD_BYTES, (index + CHUNK) * FIELD_BYTES));
        const count = scalars.length / FIELD_BYTES;
        worker.once("message", (points: Uint8Array) => {
          job.receive(points, index);
          done += weight(job, count);
          onPiece(done, all);
          step();
        });
        const task: FixedBaseTask = { group: job.group, scalars, expected: expected(job.group) };
        worker.postMessage(task, [scalars.buffer as ArrayBuffer]);
      };
      worker.once("error", reject);
      worker.once("exit", (code) => reject(new Error(`a worker thread ended early with code ${code}`)));
      step();
    });

  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL("./fixed-base-worker.ts", import.meta.url), { workerData: kernels }),
  );
  try {
    await Promise.all(workers.map(runThread));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
