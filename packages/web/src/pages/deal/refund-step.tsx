import type { StepState } from "@zkcmp/chain/buyer/purchase-steps";
import { formatPrice } from "@zkcmp/sale/price";
import { Notice } from "../../components/notice.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { When } from "../../components/when.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { DealView } from "../../worker/deals-desk.ts";
import { AccountNeeded } from "./account-needed.tsx";
import { StepFrame } from "./step-frame.tsx";

/** Takes the price back when no key came in time. */
export function RefundStep({ view, state }: { view: DealView; state: StepState }) {
  const desk = useDesk();
  const { dealId, deal, account, times, now } = view;
  const step = useStep((onProgress) => desk.deals.refund(dealId, onProgress));
  const price = formatPrice(deal.price, deal.token);
  return (
    <StepFrame title="Or take the price back" state={state}>
      {state === "later" &&
        (times.refundableFrom === null ? (
          <p>If no key comes in time, you take {price} back.</p>
        ) : (
          <p>
            If no key comes: <When at={times.refundableFrom} now={now} />.
          </p>
        ))}
      {state === "now" && (
        <>
          <p>No key came in time. Until you take the price back, the escrow would still take the key.</p>
          <AccountNeeded account={account} needed={deal.buyer} />
          <StepButton step={step} disabled={account !== deal.buyer}>
            Take {price} back
          </StepButton>
        </>
      )}
      {state === "done" && (
        <>
          <p>{price} went back to the buyer.</p>
          {step.result?.paid === "credited" && (
            <Notice tone="warn" title="Your account did not take the payment.">
              <p>It waits for you in the escrow as a credit: withdraw it below.</p>
            </Notice>
          )}
        </>
      )}
      {state === "over" && (
        <p>{deal.state === "redeemed" ? "The key came: there is nothing to take back." : "Nothing was paid."}</p>
      )}
    </StepFrame>
  );
}
