import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useSession } from "../../session-view.ts";
import { useStep } from "../../use-step.ts";
import type { DealView } from "../../worker/deals-desk.ts";

/** On development chains: moves the clock to where something changes. Shows nothing on any other. */
export function DevelopmentClock({ view }: { view: DealView }) {
  const desk = useDesk();
  const { isDevelopment } = useSession();
  const { deal, times, now } = view;
  const toEnd = useStep(() => desk.deals.moveClock(times.fundableUntil + 1));
  const toMargin = useStep(() => desk.deals.moveClock(times.marginFrom!));
  const toRefund = useStep(() => desk.deals.moveClock(times.refundableFrom!));
  if (!isDevelopment || times.current === null || times.current === "refund") return null;
  return (
    <section className="stack" aria-labelledby="clock">
      <h2 id="clock">Clock of this development chain</h2>
      <p>Moves the time of the whole chain ahead, for good, to try what comes then.</p>
      <div className="deal-clock">
        {deal.state === "offered" && (
          <StepButton step={toEnd} kind="plain">
            Move the clock to the end of funding
          </StepButton>
        )}
        {deal.state === "funded" && now < times.marginFrom! && (
          <StepButton step={toMargin} kind="plain">
            Move the clock to the seller’s margin
          </StepButton>
        )}
        {deal.state === "funded" && (
          <StepButton step={toRefund} kind="plain">
            Move the clock to the refund
          </StepButton>
        )}
      </div>
    </section>
  );
}
