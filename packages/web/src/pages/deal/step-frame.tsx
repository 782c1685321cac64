import type { StepState } from "@zkcmp/chain/buyer/purchase-steps";
import type { ReactNode } from "react";

const WORDS: Readonly<Record<StepState, string>> = {
  done: "done",
  now: "your turn",
  wait: "waiting",
  later: "later",
  over: "not any more",
};

/** One step of a deal, with its state in words. */
export function StepFrame({ title, state, children }: { title: string; state: StepState; children?: ReactNode }) {
  return (
    <li className={`deal-step deal-step-${state}`} aria-current={state === "now" ? "step" : undefined}>
      <h3 className="deal-step-title">
        {title} <span className={`deal-step-state deal-step-state-${state}`}>{WORDS[state]}</span>
      </h3>
      {children}
    </li>
  );
}
