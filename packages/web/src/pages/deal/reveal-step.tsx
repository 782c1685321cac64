import type { StepState } from "@zkcmp/chain/buyer/purchase-steps";
import { useState } from "react";
import { Check } from "../../components/check.tsx";
import { saveFile } from "../../components/download-button.tsx";
import { Notice } from "../../components/notice.tsx";
import { ShortHex } from "../../components/short-hex.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { DealView } from "../../worker/deals-desk.ts";
import { StepFrame } from "./step-frame.tsx";

/** Hands the test set out to this deal and to no other. */
export function RevealStep({ view, state }: { view: DealView; state: StepState }) {
  const desk = useDesk();
  const [agreed, setAgreed] = useState(false);
  const { dealId, deal, purchase } = view;
  const step = useStep(async () => {
    const file = await desk.deals.reveal(dealId);
    saveFile(file.name, file.text);
    return file.name;
  });
  return (
    <StepFrame title="Reveal the test set" state={state}>
      {typeof purchase?.revealedElsewhere === "string" ? (
        <Notice tone="bad" title="Your test set was revealed to another deal.">
          <p>
            It went to <a href={`#/deal/${purchase.revealedElsewhere}`}>that deal</a>. Rows that one seller has seen say
            nothing about another’s network: do not go on with this one.
          </p>
        </Notice>
      ) : state === "wait" ? (
        <p>
          The offer is not final yet: the chain could still forget it, and another seal could take its place. That takes
          about a quarter of an hour. Do not give your rows out before.
        </p>
      ) : state === "now" ? (
        <>
          <p>
            The seller needs your rows to prove the network on them. The network is sealed and on chain already, so it
            cannot be trained on what you show now.
          </p>
          <Notice tone="warn" title="The rows are burnt by it.">
            <p>They serve this one deal. No other order can use them again, whatever comes of this one.</p>
          </Notice>
          <Check
            label="I give these rows to this seller, for this deal and no other"
            checked={agreed}
            onChange={setAgreed}
          />
          <StepButton step={step} disabled={!agreed}>
            Reveal the test set to this deal
          </StepButton>
        </>
      ) : state === "done" ? (
        <>
          <p>
            {deal.state === "offered"
              ? "Send the reveal file, and to nobody else, to the seller"
              : "The rows went to the seller"}{" "}
            <ShortHex hex={deal.seller} />
          </p>
          <StepButton step={step} kind="plain">
            Download the reveal file
          </StepButton>
        </>
      ) : (
        <p>This deal cannot be funded any more. Your rows stay unseen and can serve another order.</p>
      )}
    </StepFrame>
  );
}
