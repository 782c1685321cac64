/** One bar: its length, drawn to the left of the axis where it is negative, and the text behind it. */
export interface Bar {
  readonly value: number;
  readonly text: string;
}

/** Bars under a title, one for each label of the chart. */
export interface BarPanel {
  readonly title: string;
  /** What the bars look like in the SVG. */
  readonly tone: "value" | "reward";
  readonly bars: readonly Bar[];
}

/** Horizontal bars, in panels that share their labels. */
export interface BarChart {
  readonly title: string;
  /** A line below the title. */
  readonly subtitle: string;
  readonly labels: readonly string[];
  readonly panels: readonly BarPanel[];
}

/** Pixels. A character is the widest that the fonts give. */
const SVG = { margin: 24, row: 30, bar: 18, character: 7.9, titleCharacter: 10, length: 220, gap: 24 } as const;

/** A light and a dark page, as the reader's system asks for. The two tones differ in lightness, too. */
const STYLE = `
    .page { fill: #ffffff }
    .title { font: 600 17px system-ui, sans-serif; fill: #1f2328 }
    .note { font: 13px system-ui, sans-serif; fill: #57606a }
    .label { font: 13px ui-monospace, monospace; fill: #1f2328 }
    .axis { stroke: #8c959f; stroke-width: 1 }
    .value { fill: #1f6fb2 }
    .negative { fill: #b83227 }
    .reward { fill: #3a9b62 }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117 }
      .title, .label { fill: #e6edf3 }
      .note { fill: #9da7b1 }
      .axis { stroke: #6e7681 }
      .value { fill: #58a6ff }
      .negative { fill: #ff7b72 }
      .reward { fill: #7ee2a0 }
    }`;

/** The chart as an SVG file of its own: panels side by side, text escaped, no script and nothing fetched. */
export function chartSvg({ title, subtitle, labels, panels }: BarChart): string {
  const { margin, row, gap, character, titleCharacter } = SVG;
  const top = margin + 72;
  const starts: number[] = [];
  let x = margin + widest(labels) + gap;
  for (const panel of panels) {
    starts.push(x);
    x += panelWidth(panel) + gap;
  }
  const width = Math.ceil(
    margin + Math.max(x - gap, margin + titleCharacter * title.length, margin + character * subtitle.length),
  );
  const height = top + labels.length * row + margin;
  const parts = [
    `<rect class="page" width="${width}" height="${height}"/>`,
    text("title", margin, margin + 14, title),
    text("note", margin, margin + 36, subtitle),
    ...labels.map((label, i) => text("label", margin, middleOf(top, i) + 4, label)),
    ...panels.flatMap((each, i) => panelParts(each, starts[i]!, top)),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
  <title>${escaped(title)}</title>
  <style>${STYLE}
  </style>
${parts.map((part) => `  ${part}`).join("\n")}
</svg>
`;
}

/** Bars, and the text behind them. */
function panelWidth({ title, bars }: BarPanel): number {
  return Math.max(SVG.length + 8 + widest(bars.map((bar) => bar.text)), widest([title]));
}

function widest(texts: readonly string[]): number {
  return Math.ceil(SVG.character * Math.max(...texts.map((words) => words.length)));
}

function panelParts({ title, tone, bars }: BarPanel, x: number, top: number): string[] {
  const { negative, positive } = extent(bars);
  const { length } = SVG;
  const scale = negative + positive === 0 ? 0 : length / (negative + positive);
  const axis = x + scale * negative;
  return [
    text("note", x, top - 14, title),
    `<line class="axis" x1="${number(axis)}" y1="${top}" x2="${number(axis)}" y2="${top + bars.length * SVG.row}"/>`,
    ...bars.flatMap(({ value, text: words }, i) => {
      const barWidth = Math.abs(value) * scale;
      const start = value < 0 ? axis - barWidth : axis;
      const y = middleOf(top, i) - SVG.bar / 2;
      return [
        `<rect class="${value < 0 ? "negative" : tone}" x="${number(start)}" y="${y}" width="${number(barWidth)}" height="${SVG.bar}" rx="2"/>`,
        text("label", x + length + 8, middleOf(top, i) + 4, words),
      ];
    }),
  ];
}

function middleOf(top: number, index: number): number {
  return top + index * SVG.row + SVG.row / 2;
}

/** How far bars reach to each side. */
export function extent(bars: readonly Bar[]): { negative: number; positive: number } {
  const values = bars.map(({ value }) => value);
  return { negative: Math.max(0, ...values.map((value) => -value)), positive: Math.max(0, ...values) };
}

function text(style: string, x: number, y: number, words: string): string {
  return `<text class="${style}" x="${number(x)}" y="${number(y)}">${escaped(words)}</text>`;
}

function number(value: number): string {
  return String(Number(value.toFixed(2)));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Characters that XML has no place for become question marks. */
function escaped(words: string): string {
  return words.replace(/[^\P{C}\t]|\u2028|\u2029/gu, "?").replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
