import type { StepState } from "@zkcmp/chain/buyer/purchase-steps";
import { saveFile } from "../../components/download-button.tsx";
import { DropZone } from "../../components/drop-zone.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { DealView } from "../../worker/deals-desk.ts";
import { readTexts } from "./file-text.ts";
import { StepFrame } from "./step-frame.tsx";

/** Takes the seller's root and opens the nonce that draws the rows. */
export function SampleStep({ view, state }: { view: DealView; state: StepState }) {
  const desk = useDesk();
  const take = useStep(async (_progress, files: File[]) => {
    const [root] = await readTexts(files);
    const nonce = await desk.deals.openNonce(view.dealId, root!);
    saveFile(nonce.name, nonce.text);
    return nonce.name;
  });
  const again = useStep(async () => {
    const nonce = await desk.deals.openNonce(view.dealId, null);
    saveFile(nonce.name, nonce.text);
    return nonce.name;
  });
  return (
    <StepFrame title="Draw the rows" state={state}>
      {state === "now" && (
        <>
          <p>
            Your order asks for {view.order?.sampledRows} randomly drawn rows. The seller first commits to the rows that
            the network has right, and sends you a root. Then you open your nonce: root and nonce together draw the
            rows, so that neither of you could choose them.
          </p>
          <DropZone
            label="Root from the seller"
            accept=".json"
            hint="You take the first root and no other: who knows the nonce could choose a second one to fit."
            onFiles={(files) => void take.run(files)}
          />
          <ErrorNotice error={take.error} />
        </>
      )}
      {state === "done" && (
        <>
          <p>The root is kept, and the nonce is open. Send the nonce file to the seller.</p>
          <StepButton step={again} kind="plain">
            Download the nonce file
          </StepButton>
        </>
      )}
      {state === "later" && <p>First the test set, then the seller’s root, then your nonce.</p>}
      {state === "over" && <p>This deal cannot be funded any more: the nonce stays closed.</p>}
    </StepFrame>
  );
}
