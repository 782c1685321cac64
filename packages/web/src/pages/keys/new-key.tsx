import { type FormEvent, useState } from "react";
import { Notice } from "../../components/notice.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { TextField } from "../../components/text-field.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";

/** Makes a key under a name. */
export function NewKey() {
  const desk = useDesk();
  const [name, setName] = useState("");
  const step = useStep(async () => {
    const key = await desk.keys.create(name.trim());
    setName("");
    return key;
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void step.run();
  };
  return (
    <form className="card" onSubmit={submit}>
      <h3>Make a key</h3>
      <TextField
        label="Name of the new key"
        hint="Letters, digits, - and _, such as main or 2026-models."
        value={name}
        onChange={setName}
      />
      <StepButton step={step} disabled={name.trim() === ""}>
        Make the key
      </StepButton>
      {step.result !== null && (
        <Notice tone="good" title={`The key ${step.result.name} is made`}>
          <p>Back it up now, before you order something with it.</p>
        </Notice>
      )}
    </form>
  );
}
