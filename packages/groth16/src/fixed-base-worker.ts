import { parentPort, workerData } from "node:worker_threads";
import { FixedBase } from "./fixed-base.ts";
import type { GroupName } from "./points.ts";
import { type Kernels, WasmEngine } from "./wasm-engine.ts";

/** One piece of work for this thread. */
export interface FixedBaseTask {
  readonly group: GroupName;
  readonly scalars: Uint8Array;
  /** How many scalars of the group this thread will see in all. */
  readonly expected: number;
}

const engine = new WasmEngine(workerData as Kernels);
const bases = new Map<GroupName, FixedBase>();

parentPort?.on("message", ({ group, scalars, expected }: FixedBaseTask) => {
  let base = bases.get(group);
  if (base === undefined) bases.set(group, (base = new FixedBase(engine, group, expected)));
  const points = base.multiply(scalars);
  parentPort?.postMessage(points, [points.buffer as ArrayBuffer]);
});
