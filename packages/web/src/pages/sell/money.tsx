import { formatPrice } from "@zkcmp/sale/price";
import { useState } from "react";
import { Notice } from "../../components/notice.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { TextField } from "../../components/text-field.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { SaleView } from "../../worker/sale-steps.ts";

/** What waits in the escrow: a credit of the seller, a share of a round. Shows nothing where nothing waits. */
export function Money({ sale }: { sale: SaleView }) {
  const desk = useDesk();
  const { orderHash, credit, rewardCredit, order, split } = sale;
  const [to, setTo] = useState("");
  const recipient = /^0x[0-9a-fA-F]{40}$/.test(to.trim()) ? (to.trim().toLowerCase() as `0x${string}`) : null;
  const toProblem = to.trim() !== "" && recipient === null ? "Give an address: 0x and 40 hexadecimal digits." : null;
  const withdraw = useStep((onProgress) => desk.sales.withdraw(orderHash, recipient, onProgress));
  const forward = useStep((onProgress) => desk.rounds.forward(split!.rewards, split!.roundId, onProgress));
  const touched = withdraw.state !== "idle" || forward.state !== "idle";
  if (credit === 0n && rewardCredit === 0n && !touched) return null;
  return (
    <section className="stack" aria-labelledby="money">
      <h2 id="money">Money in the escrow</h2>
      {(credit > 0n || withdraw.state === "failed") && (
        <>
          <p>
            {formatPrice(credit, order.token)} wait for the seller's account, because a payment to it did not go
            through. The escrow keeps them until they are withdrawn.
          </p>
          <TextField
            label="Send the credit to (optional)"
            hint="Another account, where your own cannot take the payment. Left empty, your own."
            mono
            value={to}
            onChange={setTo}
            problem={toProblem}
          />
          <StepButton step={withdraw} disabled={toProblem !== null}>
            Withdraw the credit
          </StepButton>
        </>
      )}
      {withdraw.result !== null && (
        <Notice tone="good" title={`${formatPrice(withdraw.result.amount, order.token)} were withdrawn`} />
      )}
      {(rewardCredit > 0n || forward.state === "failed") && (
        <>
          <p>
            {formatPrice(rewardCredit, order.token)} wait for the data providers of the round. Anybody can forward them
            into the round's pool, for the price of the gas.
          </p>
          <StepButton step={forward} kind="plain">
            Forward the round's share
          </StepButton>
        </>
      )}
      {forward.result !== null && (
        <Notice
          tone="good"
          title={
            forward.result.amount === 0n
              ? "Nothing waits for the round any more"
              : `${formatPrice(forward.result.amount, order.token)} were forwarded to the round`
          }
        />
      )}
    </section>
  );
}
