import { type BarChart, extent } from "@zkcmp/chain/rounds/bar-chart";

/** Characters of the longest bar, both directions together. */
const TEXT_WIDTH = 40;

/** Eighths of a character cell, filled from the left. */
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

/** The chart for a terminal with a fixed pitch, one line for each bar. */
export function chartLines({ title, subtitle, labels, panels }: BarChart): string[] {
  const labelWidth = Math.max(...labels.map((label) => label.length));
  return [
    title,
    ...(subtitle === "" ? [] : [subtitle]),
    ...panels.flatMap(({ title: panelTitle, bars }) => {
      const { negative, positive } = extent(bars);
      // A negative bar has at least one cell, or nobody would see on which side it is.
      const left = negative === 0 ? 0 : Math.max(1, Math.round((TEXT_WIDTH * negative) / (negative + positive)));
      const right = TEXT_WIDTH - left;
      const lines = bars.map(({ value, text }, i) => {
        const label = labels[i]!.padEnd(labelWidth);
        if (value < 0) {
          const cells = Math.max(1, Math.round((left * -value) / negative));
          return `  ${label}  ${"█".repeat(cells).padStart(left)}│${" ".repeat(right)} ${text}`;
        }
        return `  ${label}  ${" ".repeat(left)}│${cellsOf(positive === 0 ? 0 : (right * value) / positive).padEnd(right)} ${text}`;
      });
      return ["", panelTitle, ...lines];
    }),
  ];
}

/** A bar that begins at a cell's left edge. */
function cellsOf(length: number): string {
  const eighths = Math.round(8 * length);
  return "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!;
}
