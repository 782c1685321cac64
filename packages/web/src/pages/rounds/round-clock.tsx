import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useSession } from "../../session-view.ts";
import { useStep } from "../../use-step.ts";
import type { RoundView } from "../../worker/round-view.ts";

/** On development chains: moves the clock behind the next deadline. Shows nothing on any other. */
export function RoundClock({ view: { round, status } }: { view: RoundView }) {
  const desk = useDesk();
  const { isDevelopment } = useSession();
  const { registrationUntil, submissionUntil, claimUntil } = round.terms;
  const next = [
    { at: registrationUntil, what: "registration" },
    { at: submissionUntil, what: "submission" },
    { at: claimUntil, what: "claims" },
  ].find(({ at }) => at >= status.now);
  const move = useStep(() => desk.deals.moveClock(next!.at + 1));
  if (!isDevelopment || next === undefined) return null;
  return (
    <section className="stack" aria-labelledby="clock">
      <h2 id="clock">Clock of this development chain</h2>
      <p>Moves the time of the whole chain ahead, for good, to try what comes then.</p>
      <StepButton step={move} kind="plain">
        Move the clock to the end of {next.what}
      </StepButton>
    </section>
  );
}
