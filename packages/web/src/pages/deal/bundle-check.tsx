import { useState } from "react";
import { DropZone } from "../../components/drop-zone.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { Progress } from "../../components/progress.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { DealView, TextFile } from "../../worker/deals-desk.ts";
import { CheckReport } from "./check-report.tsx";
import { readTexts } from "./file-text.ts";
import { KeyMissing } from "./key-missing.tsx";

/**
 * Takes a bundle, and shows what its check says.
 * @param withReveal whether the journal lacks the order, so that the reveal file is needed as well
 */
export function BundleCheck({ view, withReveal }: { view: DealView; withReveal: boolean }) {
  const desk = useDesk();
  const { dealId, purchase } = view;
  const [reveal, setReveal] = useState<TextFile | null>(null);
  const [name, setName] = useState<string | null>(null);
  const [given, setGiven] = useState<File[]>([]);
  const step = useStep(async (onProgress, files: File[]) => {
    const [bundle] = await readTexts(files);
    setName(bundle!.name);
    setGiven(files);
    return desk.deals.verify(dealId, bundle!, reveal, onProgress);
  });
  const outcome = step.result;
  const check = outcome?.kind === "checked" ? outcome : step.state === "idle" ? (purchase?.check ?? null) : null;
  return (
    <>
      {withReveal && (
        <>
          <DropZone
            label="Reveal file"
            accept=".json"
            hint="What the buyer sent to the seller: the test set and its salt."
            onFiles={(files) => void readTexts(files).then(([file]) => setReveal(file!))}
          />
          {reveal !== null && <p role="status">{reveal.name} is read.</p>}
        </>
      )}
      <DropZone
        label="Bundle from the seller"
        accept=".json"
        hint="It is checked in this browser and goes nowhere."
        onFiles={(files) => void step.run(files)}
      />
      <div aria-live="polite">
        {step.state === "running" && <Progress progress={step.progress ?? { what: "Reading the bundle" }} />}
        {outcome?.kind === "checked" && name !== null && <p>{name} was checked.</p>}
      </div>
      <ErrorNotice error={step.error} />
      {step.state === "failed" && <Notice tone="bad" title="Do not fund on this bundle." />}
      {outcome?.kind === "key-missing" && <KeyMissing missing={outcome} onTaken={() => void step.run(given)} />}
      {check !== null && <CheckReport check={check} />}
    </>
  );
}
