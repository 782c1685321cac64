import { formatPrice } from "@zkcmp/sale/price";
import { useState } from "react";
import { Notice } from "../../components/notice.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { TextField } from "../../components/text-field.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { DealView } from "../../worker/deals-desk.ts";

/** Takes what the escrow keeps for the connected account. Shows nothing where that is nothing. */
export function WithdrawCredit({ view }: { view: DealView }) {
  const desk = useDesk();
  const { dealId, deal, credit } = view;
  const [to, setTo] = useState("");
  const recipient = /^0x[0-9a-f]{40}$/i.test(to.trim()) ? (to.trim().toLowerCase() as `0x${string}`) : null;
  const problem = to.trim() === "" || recipient !== null ? null : "Write 0x and 40 hexadecimal digits.";
  const step = useStep((onProgress) => desk.deals.withdraw(dealId, recipient, onProgress));
  if (credit === 0n && step.state === "idle") return null;
  return (
    <section className="stack" aria-labelledby="credit">
      <h2 id="credit">Your credit</h2>
      {credit > 0n && (
        <>
          <p>
            The escrow keeps {formatPrice(credit, deal.token)} for the connected account, from all its deals in this
            market.
          </p>
          <TextField
            label="Send it to"
            value={to}
            onChange={setTo}
            problem={problem}
            hint="Empty for the account itself. Name another one if it cannot receive payments."
            placeholder="0x…"
            mono
          />
        </>
      )}
      {step.state === "done" && step.result !== null && credit === 0n ? (
        <Notice tone="good" title={`${formatPrice(step.result.amount, deal.token)} were sent.`} />
      ) : (
        <StepButton step={step} disabled={problem !== null}>
          Withdraw {formatPrice(credit, deal.token)}
        </StepButton>
      )}
    </section>
  );
}
