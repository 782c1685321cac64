import { useState } from "react";
import { Check } from "../../components/check.tsx";
import { CommandLine } from "../../components/command-line.tsx";
import { saveFile } from "../../components/download-button.tsx";
import { Notice } from "../../components/notice.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { RoundView } from "../../worker/round-view.ts";

type Hex = `0x${string}`;

/** The file with which the owner sees the rows: it is the provider who hands it over, or not. */
export function DisclosureStep({ view, id }: { view: RoundView; id: Hex }) {
  const desk = useDesk();
  const { contribution, round } = view;
  const newest = contribution?.committed.at(-1);
  const [agreed, setAgreed] = useState(false);
  const make = useStep(async () => {
    const { name, text } = await desk.rounds.disclosure(round.rewards, id);
    saveFile(name, text);
    return name;
  });
  if (newest === undefined) return null;
  return (
    <>
      <p>
        The owner gives a receipt only after seeing your rows and that they open your commitment. Nothing is sent from
        here: you get a file, and hand it over yourself, over a private channel and to the owner alone.
      </p>
      <Check
        label={`I let the owner see my ${newest.rows} rows`}
        checked={agreed}
        onChange={setAgreed}
        hint={`The owner ${round.owner} will read every row with its target, may keep them, and trains on them. Nothing but your trust keeps the owner from using them otherwise. A receipt can be refused.`}
      />
      <StepButton step={make} disabled={!agreed}>
        Download the disclosure
      </StepButton>
      {make.result !== null && (
        <Notice tone="warn" title={`${make.result} shows your rows.`}>
          <p>Send it to the owner alone. The receipt that comes back is no secret. The owner makes it with:</p>
          <CommandLine command={`zkcmp round accept ${make.result} --out receipt.json`} />
        </Notice>
      )}
    </>
  );
}
