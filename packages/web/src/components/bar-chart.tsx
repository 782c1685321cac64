import type { BarChart as BarChartData, BarPanel } from "@zkcmp/chain/rounds/bar-chart";
import { useId } from "react";
import { ResponsiveTable } from "./responsive-table.tsx";
import "./bar-chart.css";

/** Pixels: a line of text above each bar. */
const ROW = 46;
const BAR = { top: 22, height: 14 };

/**
 * Horizontal bars in panels, negative ones to the left of the axis, and the same numbers as a table.
 * @param marked the bar that is the reader's own, from 0
 */
export function BarChart({ chart, marked = null }: { chart: BarChartData; marked?: number | null }) {
  const { title, subtitle, labels, panels } = chart;
  const named = labels.map((label, i) => (i === marked ? `${label} (you)` : label));
  const columns = [
    { title: "Provider", cell: (row: number) => named[row] },
    ...panels.map((panel) => ({
      title: panel.title,
      align: "right" as const,
      cell: (row: number) => panel.bars[row]!.text,
    })),
  ];
  return (
    <figure className="bar-chart">
      <figcaption>
        <strong>{title}</strong>
        <p className="hint">{subtitle}</p>
      </figcaption>
      <div className="bar-chart-panels">
        {panels.map((panel) => (
          <Panel key={panel.title} panel={panel} labels={named} marked={marked} />
        ))}
      </div>
      <ResponsiveTable
        caption={`${title}, as a table`}
        columns={columns}
        rows={[...labels.keys()]}
        rowKey={(row) => String(row)}
      />
    </figure>
  );
}

function Panel({ panel, labels, marked }: { panel: BarPanel; labels: readonly string[]; marked: number | null }) {
  const id = useId();
  const { title, tone, bars } = panel;
  const values = bars.map(({ value }) => value);
  const negative = Math.max(0, ...values.map((value) => -value));
  const reach = negative + Math.max(0, ...values);
  const percent = (value: number): string => `${reach === 0 ? 0 : (100 * value) / reach}%`;
  const height = bars.length * ROW;
  return (
    <div className="bar-chart-panel">
      <h3 id={id}>{title}</h3>
      <svg role="img" aria-labelledby={id} height={height}>
        <desc>{bars.map(({ text }, i) => `${labels[i]}: ${text}`).join("; ")}</desc>
        {bars.map(({ value, text }, i) => {
          const style = value < 0 ? "bar-negative" : `bar-${tone}`;
          return (
            <g key={labels[i]} className={i === marked ? "bar-marked" : undefined}>
              <text className="bar-label" x="0" y={i * ROW + 15}>
                {labels[i]}
              </text>
              <text x="100%" y={i * ROW + 15} textAnchor="end">
                {text}
              </text>
              <rect
                className={i === marked ? `${style} bar-own` : style}
                x={percent(negative + Math.min(0, value))}
                y={i * ROW + BAR.top}
                width={percent(Math.abs(value))}
                height={BAR.height}
                rx="2"
              />
              <line
                className="bar-axis"
                x1={percent(negative)}
                x2={percent(negative)}
                y1={i * ROW + BAR.top - 3}
                y2={i * ROW + BAR.top + BAR.height + 3}
              />
            </g>
          );
        })}
      </svg>
    </div>
  );
}
