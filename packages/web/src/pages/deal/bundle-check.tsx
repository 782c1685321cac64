import { useState } from "react";
import { CommandLine } from "../../components/command-line.tsx";
import { DropZone } from "../../components/drop-zone.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { Progress } from "../../components/progress.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { DealView, TextFile } from "../../worker/deals-desk.ts";
import { CheckReport } from "./check-report.tsx";
import { readTexts } from "./file-text.ts";

/**
 * Takes a bundle, and shows what its check says.
 * @param withReveal whether the journal lacks the order, so that the reveal file is needed as well
 */
export function BundleCheck({ view, withReveal }: { view: DealView; withReveal: boolean }) {
  const desk = useDesk();
  const { dealId, purchase } = view;
  const [reveal, setReveal] = useState<TextFile | null>(null);
  const [name, setName] = useState<string | null>(null);
  const step = useStep(async (onProgress, files: File[]) => {
    const [bundle] = await readTexts(files);
    setName(bundle!.name);
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
        {step.state === "done" && name !== null && <p>{name} was checked.</p>}
      </div>
      <ErrorNotice error={step.error} />
      {step.state === "failed" && <Notice tone="bad" title="Do not fund on this bundle." />}
      {outcome?.kind === "elsewhere" && <Elsewhere keyFile={outcome.keyFile} />}
      {check !== null && <CheckReport check={check} />}
    </>
  );
}

/** A proof of Groth16 says nothing before its key is verified, with files and minutes that a page does not have. */
function Elsewhere({ keyFile }: { keyFile: string | null }) {
  return (
    <Notice tone="warn" title="This bundle is proven with groth16: check it on a computer.">
      <p>
        Such a proof is worth as much as the key that it was made with. You contributed to that key or found your
        contribution in it, and its files are large: the command line verifies key and bundle, and funds. Save the
        journal of this browser on the page <a href="#/keys">Keys</a> and restore it there first.
      </p>
      <CommandLine command="zkcmp journal restore zkcmp-journal.json" />
      <CommandLine command="zkcmp setup key verify key.zkey --phase-one pot.ptau" />
      <CommandLine command="zkcmp verify bundle.json --proof-system groth16" />
      <CommandLine command="zkcmp fund bundle.json --proof-system groth16" />
      {keyFile !== null && (
        <p>
          The proving key’s SHA-256 must be <span className="mono hash">{keyFile}</span>.
        </p>
      )}
    </Notice>
  );
}
