import type { StepState } from "@zkcmp/chain/buyer/purchase-steps";
import { formatSpan } from "@zkcmp/sale/time";
import { When } from "../../components/when.tsx";
import type { DealView } from "../../worker/deals-desk.ts";
import { StepFrame } from "./step-frame.tsx";

/** The seller's turn: the key. */
export function KeyStep({ view, state }: { view: DealView; state: StepState }) {
  const { times, redeemedAt, now } = view;
  return (
    <StepFrame title="The seller shows the key" state={state}>
      {state === "later" && (
        <p>Whoever shows the key on chain pays the seller with it, and opens the network for you.</p>
      )}
      {state === "wait" && (
        <>
          <p role="status">Waiting for the key. This page looks for it by itself; you may close it and come back.</p>
          {times.current === "redeeming" ? (
            <p>A careful seller shows it within {formatSpan(times.left!)}.</p>
          ) : (
            <p>A careful seller does not show it any more: the refund is too near, or open.</p>
          )}
        </>
      )}
      {state === "done" && (
        <p>
          The key is on chain
          {redeemedAt !== null && (
            <>
              {" "}
              since <When at={redeemedAt} now={now} />
            </>
          )}
          . It opens the network with your X25519 key alone.
        </p>
      )}
      {state === "over" && <p>No key will come.</p>}
    </StepFrame>
  );
}
