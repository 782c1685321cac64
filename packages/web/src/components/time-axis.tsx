import { When } from "./when.tsx";

/** A moment on the axis. */
export interface AxisEvent {
  /** Unix seconds. */
  readonly at: number;
  readonly label: string;
}

/** A stretch of time in which something can be done. */
export interface AxisWindow {
  /** Unix seconds. */
  readonly from: number;
  /** Unix seconds, the first that does not belong to it; null while it has no end. */
  readonly until: number | null;
  readonly label: string;
  readonly tone?: "buyer" | "seller" | "plain";
}

/** No window is drawn narrower than this share of the longest, or its words would not fit. */
const SMALLEST = 0.35;

/**
 * Windows in order of time, side by side, the open one marked, with the moments that matter below.
 * @param now the chain's time, unix seconds
 */
export function TimeAxis({
  events,
  now,
  windows,
}: {
  events: readonly AxisEvent[];
  now: number;
  windows: readonly AxisWindow[];
}) {
  const lengths = windows.map(({ from, until }) => (until === null ? 0 : until - from));
  const longest = Math.max(1, ...lengths);
  return (
    <div className="time-axis">
      <ol className="time-axis-windows">
        {windows.map(({ from, until, label, tone = "plain" }, index) => {
          const isOpen = now >= from && (until === null || now < until);
          const passed = until === null ? 0.5 : Math.min(1, Math.max(0, (now - from) / (until - from)));
          return (
            <li
              key={`${from} ${label}`}
              className={`time-axis-window time-axis-${tone}${isOpen ? " time-axis-open" : ""}`}
              aria-current={isOpen ? "time" : undefined}
              style={{ flexGrow: Math.max(SMALLEST, lengths[index]! / longest) }}
            >
              <span className="time-axis-label">{label}</span>
              <span className="time-axis-bar" aria-hidden="true">
                <span style={{ width: `${100 * (isOpen ? passed : now < from ? 0 : 1)}%` }} />
              </span>
              <span className="time-axis-state">{isOpen ? "open now" : now < from ? "later" : "over"}</span>
            </li>
          );
        })}
      </ol>
      <ol className="time-axis-events">
        {events.map(({ at, label }) => (
          <li key={`${at} ${label}`} className={at <= now ? "time-axis-past" : undefined}>
            <span>{label}</span> <When at={at} now={now} />
          </li>
        ))}
      </ol>
    </div>
  );
}
