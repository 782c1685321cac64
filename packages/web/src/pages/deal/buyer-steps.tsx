import type { PurchaseStepName, StepState } from "@zkcmp/chain/buyer/purchase-steps";
import type { ComponentType } from "react";
import type { DealView } from "../../worker/deals-desk.ts";
import { FundStep } from "./fund-step.tsx";
import { KeyStep } from "./key-step.tsx";
import { RefundStep } from "./refund-step.tsx";
import { RevealStep } from "./reveal-step.tsx";
import { SampleStep } from "./sample-step.tsx";
import { UnsealStep } from "./unseal-step.tsx";
import { VerifyStep } from "./verify-step.tsx";

/** A credit is the account's, not the deal's: it has a place of its own on the page. */
const STEPS: Readonly<
  Record<Exclude<PurchaseStepName, "withdraw">, ComponentType<{ view: DealView; state: StepState }>>
> = {
  reveal: RevealStep,
  sample: SampleStep,
  verify: VerifyStep,
  fund: FundStep,
  key: KeyStep,
  unseal: UnsealStep,
  refund: RefundStep,
};

/** What the buyer does, in order, each step with its state. */
export function BuyerSteps({ view }: { view: DealView }) {
  const isElsewhere = view.purchase!.revealedElsewhere !== null;
  return (
    <section className="stack" aria-labelledby="your-steps">
      <h2 id="your-steps">Your steps</h2>
      <ol className="deal-steps">
        {view.purchase!.steps.map(({ name, state }) => {
          // The steps of a purchase are those of the one deal that its rows went to.
          if (name === "withdraw" || (isElsewhere && name !== "reveal")) return null;
          const Step = STEPS[name];
          return <Step key={name} view={view} state={isElsewhere ? "over" : state} />;
        })}
      </ol>
    </section>
  );
}
