import { formatPrice } from "@zkcmp/sale/price";
import { useState } from "react";
import { DataList } from "../../components/data-list.tsx";
import { Notice } from "../../components/notice.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { TextField } from "../../components/text-field.tsx";
import { When } from "../../components/when.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { RoundView } from "../../worker/round-view.ts";

type Hex = `0x${string}`;

/** One's own reward: what was earned, what of it was paid, and the rest to claim. */
export function ClaimStep({ view, id }: { view: RoundView; id: Hex }) {
  const desk = useDesk();
  const { own, steps, status, round } = view;
  const { token, claimUntil } = round.terms;
  const [to, setTo] = useState("");
  const target = to.trim().toLowerCase();
  const isAddress = /^0x[0-9a-f]{40}$/.test(target);
  const claim = useStep((onProgress) =>
    desk.rounds.claim(round.rewards, id, target === "" ? {} : { to: target as Hex }, onProgress),
  );
  if (own === null || own.earned === null) return null;
  const due = own.earned > own.paid ? own.earned - own.paid : 0n;
  return (
    <>
      <DataList
        facts={[
          ["Earned so far", formatPrice(own.earned, token)],
          ["Paid to you", formatPrice(own.paid, token)],
          ["To claim now", formatPrice(due, token)],
        ]}
      />
      {own.earned === 0n && (
        <p>
          {own.value !== null && own.value < 0n
            ? "Your rows made the model worse on the owner’s validation rows, so they earn nothing. Nothing is taken from you either."
            : "There is nothing to claim: the pool is empty, or your rows did not make the model better."}
        </p>
      )}
      {steps.claim === "done" && own.earned > 0n && (
        <p>
          Everything that was earned so far is paid. If the pool grows, claim again; claims end{" "}
          <When at={claimUntil} now={status.now} />
        </p>
      )}
      {steps.claim === "over" && (
        <Notice tone="bad" title="The time for claims is over.">
          <p>What was not claimed belongs to the owner now.</p>
        </Notice>
      )}
      {steps.claim === "now" && (
        <>
          <StepButton step={claim} disabled={target !== "" && !isAddress}>
            Claim {formatPrice(due, token)}
          </StepButton>
          <details className="round-details">
            <summary>Pay it to another address</summary>
            <div className="form">
              <TextField
                label="Address that is paid"
                value={to}
                onChange={setTo}
                mono
                placeholder="0x…"
                hint="Leave it empty to be paid yourself."
                problem={target === "" || isAddress ? null : "This is no address: give 0x and 40 hexadecimal digits."}
              />
            </div>
          </details>
        </>
      )}
      {claim.result !== null && claim.result.amount > 0n && (
        <Notice tone="good" title={`Claimed ${formatPrice(claim.result.amount, token)}.`} />
      )}
    </>
  );
}
