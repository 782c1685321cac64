import { useEffect, useState } from "react";
import { Notice } from "../../components/notice.tsx";
import { Select } from "../../components/select.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { TextField } from "../../components/text-field.tsx";
import { useDesk } from "../../desk-client.ts";
import { routeHref } from "../../route.ts";
import { useLook } from "../../use-look.ts";
import { useStep } from "../../use-step.ts";

/** The X25519 key that will open what is bought: one that is there, or a new one. */
export function KeyChoice({ value, onChange }: { value: string | null; onChange: (name: string) => void }) {
  const desk = useDesk();
  const keys = useLook(() => desk.orders.keys(), []).value;
  const [name, setName] = useState("default");
  const make = useStep(async () => {
    const { name: made } = await desk.orders.makeKey(name.trim());
    onChange(made);
    return made;
  });
  const first = keys?.[0]?.name ?? null;
  useEffect(() => {
    if (value === null && first !== null) onChange(first);
  }, [value, first, onChange]);
  return (
    <>
      <p>
        What you buy opens with this key alone, even when the seller’s key is public. It is made here, stays in this
        browser, and is never sent.
      </p>
      {keys !== null && keys.length > 0 && value !== null && (
        <Select
          label="Key"
          value={value}
          onChange={onChange}
          options={keys.map((key) => ({ value: key.name, label: `${key.name} (${key.publicKey.slice(0, 10)}…)` }))}
        />
      )}
      {keys !== null && keys.length === 0 && (
        <>
          <TextField label="Name of the new key" value={name} onChange={setName} />
          <StepButton step={make} kind="plain">
            Make a key
          </StepButton>
        </>
      )}
      {make.state === "done" && (
        <Notice tone="warn" title="Keep a backup of the key.">
          <p>
            If it is lost, so is what you buy with it. Save it on the page{" "}
            <a href={routeHref({ page: "keys" })}>Keys</a>.
          </p>
        </Notice>
      )}
    </>
  );
}
