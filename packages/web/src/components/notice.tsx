import type { ReactNode } from "react";

export type Tone = "info" | "good" | "warn" | "bad";

const MARKS: Record<Tone, string> = { info: "i", good: "✓", warn: "!", bad: "✕" };

/** Something to know before going on. Bad news is read out at once. */
export function Notice({ tone, title, children }: { tone: Tone; title: string; children?: ReactNode }) {
  return (
    <div className={`notice notice-${tone}`} role={tone === "bad" ? "alert" : undefined}>
      <span className="notice-mark" aria-hidden="true">
        {MARKS[tone]}
      </span>
      <div className="notice-body">
        <p className="notice-title">{title}</p>
        {children}
      </div>
    </div>
  );
}
