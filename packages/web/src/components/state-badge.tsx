type Look = "open" | "locked" | "good" | "back" | "over" | "plain";

/** Form as well as colour tells the states apart: each look has its own mark. */
const MARKS: Record<Look, string> = { open: "○", locked: "◐", good: "●", back: "↩", over: "✕", plain: "–" };

const LOOKS: Readonly<Record<string, Look>> = {
  offered: "open",
  open: "open",
  registration: "open",
  funded: "locked",
  submission: "locked",
  registering: "open",
  proving: "locked",
  redeemed: "good",
  settled: "good",
  paid: "good",
  accepted: "good",
  refunded: "back",
  cancelled: "over",
  expired: "over",
  missed: "over",
};

/** The state of a deal or a round. */
export function StateBadge({ state, label }: { state: string; label?: string }) {
  const look = LOOKS[state.toLowerCase()] ?? "plain";
  return (
    <span className={`badge badge-${look}`}>
      <span aria-hidden="true">{MARKS[look]}</span> {label ?? state}
    </span>
  );
}
