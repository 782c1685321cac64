import { readdirSync, readFileSync } from "node:fs";

/** Watches the resident memory of a process and all that it started. @returns stops, with the peak in bytes */
export function watchMemory(root: number): () => number | null {
  let peak: number | null = null;
  const watch = setInterval(() => {
    const now = residentKilobytes(root);
    if (now !== null) peak = Math.max(peak ?? 0, now);
  }, 250);
  return () => {
    clearInterval(watch);
    return peak === null ? null : peak * 1024;
  };
}

/** By the kernel's process table; null where there is none. */
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
