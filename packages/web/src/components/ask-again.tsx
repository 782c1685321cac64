import { useState } from "react";
import { useDesk } from "../desk-client.ts";
import type { Step } from "../use-step.ts";
import { Check } from "./check.tsx";

/** Begins a step once more for which a wallet was asked before, and nobody knows what became of it. */
export function AskAgain({ step }: { step: Step<[]> }) {
  const desk = useDesk();
  const [isSeen, setIsSeen] = useState(false);
  const again = async (): Promise<void> => {
    await desk.session.allowAskingAgain(true);
    try {
      await step.run();
    } finally {
      await desk.session.allowAskingAgain(false);
    }
  };
  return (
    <>
      <Check
        label="I have looked: my wallet neither asks for it any more nor has sent it"
        hint="If it has sent it after all, it is sent twice."
        checked={isSeen}
        onChange={setIsSeen}
      />
      <button type="button" className="button button-plain" disabled={!isSeen} onClick={() => void again()}>
        Ask the wallet again
      </button>
    </>
  );
}
