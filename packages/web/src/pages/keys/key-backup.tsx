import { saveFile } from "../../components/download-button.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";

/** Writes one key into a file, which `zkcmp` reads as well. @param onSaved told the file's name */
export function KeyBackup({ name, onSaved }: { name: string; onSaved: (file: string) => void }) {
  const desk = useDesk();
  const step = useStep(async () => {
    const file = `${name}.x25519.json`;
    saveFile(file, await desk.keys.backup(name));
    onSaved(file);
  });
  return (
    <StepButton step={step} kind="plain">
      Back up {name}
    </StepButton>
  );
}
