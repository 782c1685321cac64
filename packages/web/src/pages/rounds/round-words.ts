import type { RoundState } from "@zkcmp/chain/rounds/rewards-contract";
import type { OwnPlace } from "../../worker/round-view.ts";

/** What the badge of a round says, and the state that it looks like. */
export function roundBadge(state: RoundState, window: string): { state: string; label: string } {
  const short = window.split(":")[0]!;
  switch (state) {
    case "none":
      return { state: "plain", label: "not opened" };
    case "open":
      return { state: window === "registration" || window === "submission" ? window : "missed", label: short };
    case "submitted":
    case "equal":
      return { state: window === "claims" ? "settled" : "over", label: short };
    case "refunded":
      return { state: "cancelled", label: "nobody took part" };
    case "swept":
      return { state: "cancelled", label: "over" };
  }
}

/** How the account stands to a round. */
export function placeWords(own: OwnPlace): string {
  switch (own) {
    case "registered":
      return "you take part";
    case "accepted":
      return "you have a receipt, not registered yet";
    case "committed":
      return "your rows are committed, no receipt yet";
    case "owner":
      return "you are the owner";
    case null:
      return "–";
  }
}

/** The beginning of a round's id. */
export function roundName(roundId: string): string {
  return `${roundId.slice(0, 10)}…`;
}
