import { saveFile } from "../../components/download-button.tsx";
import { Notice } from "../../components/notice.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { When } from "../../components/when.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { RoundView } from "../../worker/round-view.ts";

type Hex = `0x${string}`;

/** Into the round: by one's own transaction, or by a consent that somebody else sends. */
export function RegisterStep({ view, id }: { view: RoundView; id: Hex }) {
  const desk = useDesk();
  const { consentUntil, own, steps, status, round } = view;
  const { rewards } = round;
  const register = useStep((onProgress) => desk.rounds.register(rewards, id, onProgress));
  const consent = useStep(async () => {
    const { name, text } = await desk.rounds.signConsent(rewards, id);
    saveFile(name, text);
    return name;
  });
  const revoke = useStep((onProgress) => desk.rounds.revoke(rewards, id, onProgress));
  if (own !== null) {
    return (
      <Notice tone="good" title={`You are registered in slot ${own.slot + 1} of ${round.shape.providers}.`}>
        <p>Nobody can take you out of the round any more, and your rows cannot be exchanged.</p>
      </Notice>
    );
  }
  return (
    <>
      {steps.register === "now" && (
        <>
          <p>
            Once you are registered you cannot leave the round. Send the registration yourself, which costs gas; or sign
            a consent, which costs nothing, and with which anybody can register you for the gas.
          </p>
          <div className="button-row">
            <StepButton step={register}>Register</StepButton>
            <StepButton step={consent} kind="plain">
              {consentUntil === null ? "Sign a consent" : "Download the consent again"}
            </StepButton>
          </div>
          {consentUntil !== null && consent.result !== null && (
            <Notice tone="info" title={`Hand ${consent.result} to whoever registers you.`}>
              <p>It holds no secret, and moves no money.</p>
            </Notice>
          )}
        </>
      )}
      {consentUntil !== null && steps.register !== "over" && (
        <>
          <p>
            You have signed a consent: whoever has it can register you. It ends{" "}
            <When at={consentUntil} now={status.now} />
          </p>
          <StepButton step={revoke} kind="danger">
            Take back my consents
          </StepButton>
        </>
      )}
      {consentUntil === null && revoke.result !== null && (
        <Notice tone="good" title="The consents that you had signed are void.">
          <p>A new one can be signed at any time.</p>
        </Notice>
      )}
    </>
  );
}
