import type { StepProgress } from "../progress.ts";

/** How far a step is: a bar where that is known, else one that only moves. */
export function Progress({ progress }: { progress: StepProgress }) {
  const { what, done } = progress;
  const percent = done === undefined ? undefined : Math.round(100 * Math.min(1, Math.max(0, done)));
  return (
    <div className="progress">
      <div
        className={percent === undefined ? "progress-track progress-open" : "progress-track"}
        role="progressbar"
        aria-label={what}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <div className="progress-bar" style={percent === undefined ? undefined : { width: `${percent}%` }} />
      </div>
      <p className="progress-what">
        {what}
        {percent === undefined ? "…" : <span className="progress-percent">{percent} %</span>}
      </p>
    </div>
  );
}
