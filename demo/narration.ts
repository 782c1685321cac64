/** Tells on standard error what happens, and how long each step took. */
export interface Narration {
  /** Says what happened; the step's seconds since the last line, or the last restart, go under its name. */
  readonly say: (text: string, step?: string) => void;
  /** Forgets the time since the last line. */
  readonly restart: () => void;
  /** Seconds by step. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Seconds since the beginning. */
  readonly total: () => number;
}

export function narration(): Narration {
  const started = performance.now();
  const seconds: Record<string, number> = {};
  let lap = started;
  const total = (): number => (performance.now() - started) / 1000;
  return {
    say: (text, step) => {
      const now = performance.now();
      if (step !== undefined) seconds[step] = (seconds[step] ?? 0) + (now - lap) / 1000;
      process.stderr.write(`${`${total().toFixed(1)} s`.padStart(8)}  ${text}\n`);
      lap = now;
    },
    restart: () => {
      lap = performance.now();
    },
    seconds,
    total,
  };
}

/** A share of 1 in words. */
export function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
