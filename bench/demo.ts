import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import type { Measure } from "./figure.ts";

/** Resident kilobytes of a process and all that it started, by the kernel's process table; null where there is none. */
function residentKilobytes(root: number): number | null {
  try {
    const parents = new Map<number, number>();
    const resident = new Map<number, number>();
    for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        const status = readFileSync(`/proc/${entry}/status`, "utf8");
        parents.set(Number(entry), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0));
        resident.set(Number(entry), Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0));
      } catch {
        // The process has ended since the folder was listed.
      }
    }
    const belongs = (pid: number): boolean => pid === root || (parents.has(pid) && belongs(parents.get(pid)!));
    return [...resident].filter(([pid]) => belongs(pid)).reduce((sum, [, kilobytes]) => sum + kilobytes, 0);
  } catch {
    return null;
  }
}

export const demoMeasures: readonly Measure[] = [
  {
    ids: ["demo.seconds", "demo.memory"],
    run: async () => {
      const start = performance.now();
      const child = spawn(process.execPath, ["demo/demo.ts", "--json"], { stdio: ["ignore", "pipe", "ignore"] });
      let peak: number | null = null;
      const watch = setInterval(() => {
        const now = residentKilobytes(child.pid!);
        if (now !== null) peak = Math.max(peak ?? 0, now);
      }, 250);
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
      const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
      clearInterval(watch);
      const seconds = (performance.now() - start) / 1000;
      if (code !== 0) throw new Error(`the demo ended with exit code ${code}`);
      const { seconds: parts } = JSON.parse(output.trim().split("\n").at(-1)!) as { seconds: Record<string, number> };
      const note = Object.entries(parts)
        .filter(([, value]) => typeof value === "number")
        .map(([name, value]) => `${name} ${value.toFixed(1)} s`)
        .join(", ");
      const cold = "circuit and key are made only if build/ lacks them";
      return [
        { id: "demo.seconds", value: seconds, unit: "s", bar: 180, note: `${note}; ${cold}` },
        {
          id: "demo.memory",
          value: peak === null ? null : peak * 1024,
          unit: "bytes",
          bar: 4 * 2 ** 30,
          note:
            peak === null ? "this system has no process table to read" : "resident, all processes together, sampled",
        },
      ];
    },
  },
];
