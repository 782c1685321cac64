import { spawn } from "node:child_process";
import type { Measure } from "./figure.ts";
import { watchMemory } from "./resident-memory.ts";

export const demoMeasures: readonly Measure[] = [
  {
    ids: ["demo.seconds", "demo.memory"],
    run: async () => {
      const start = performance.now();
      const child = spawn(process.execPath, ["demo/demo.ts", "--json"], { stdio: ["ignore", "pipe", "ignore"] });
      const peakMemory = watchMemory(child.pid!);
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
      const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
      const peak = peakMemory();
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
          value: peak,
          unit: "bytes",
          bar: 4 * 2 ** 30,
          note:
            peak === null ? "this system has no process table to read" : "resident, all processes together, sampled",
        },
      ];
    },
  },
];
