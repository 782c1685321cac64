import type { StepState } from "@zkcmp/chain/buyer/purchase-steps";
import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { DealView } from "../../worker/deals-desk.ts";
import { BundleCheck } from "./bundle-check.tsx";
import { KeyMissing } from "./key-missing.tsx";
import { StepFrame } from "./step-frame.tsx";

/** Checks the seller's bundle with all that the journal has. */
export function VerifyStep({ view, state }: { view: DealView; state: StepState }) {
  const desk = useDesk();
  const { dealId, purchase, deal } = view;
  const again = useStep((onProgress) => desk.deals.verify(dealId, null, null, onProgress));
  const hasBundle = purchase?.hasBundle === true;
  return (
    <StepFrame title="Check the bundle" state={state}>
      {state === "later" ? (
        <p>When the seller has your rows, you get a bundle: the sealed network and the proof. Here it is checked.</p>
      ) : state === "over" ? (
        <p>This deal cannot be funded any more, so there is nothing to check.</p>
      ) : (
        <>
          {hasBundle && purchase.check === null && (
            <>
              <p>
                The bundle is in this browser’s journal and was checked when it came.
                {deal.state === "offered" &&
                  " Since the page was loaded anew, it is checked once more before anything is paid."}
              </p>
              <StepButton step={again} kind="plain">
                Check the kept bundle again
              </StepButton>
              {again.result?.kind === "key-missing" && (
                <KeyMissing missing={again.result} onTaken={() => void again.run()} />
              )}
            </>
          )}
          {(!hasBundle || deal.state === "offered") && <BundleCheck view={view} withReveal={false} />}
        </>
      )}
    </StepFrame>
  );
}
