import { saveFile } from "../../components/download-button.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";

/** Writes one key into a file, which `zkcmp` reads as well. */
export function KeyBackup({ name }: { name: string }) {
  const desk = useDesk();
  const step = useStep(async () => saveFile(`${name}.x25519.json`, await desk.keys.backup(name)));
  return (
    <>
      <StepButton step={step} kind="plain">
        Back up {name}
      </StepButton>
      {step.state === "done" && (
        <p className="hint" role="status">
          {name}.x25519.json holds the secret half, without a password: whoever has the file can read what you bought.
          Keep it on a medium that is yours alone, and give it to nobody, whoever asks.
        </p>
      )}
    </>
  );
}
