import { saveFile } from "../../components/download-button.tsx";
import { DropZone } from "../../components/drop-zone.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { SaleView } from "../../worker/sale-steps.ts";

/** Hands out the root and takes the nonce. */
export function NonceStep({ sale: { orderHash } }: { sale: SaleView }) {
  const desk = useDesk();
  const root = useStep(async () => saveFile("root.json", await desk.sales.commitRoot(orderHash)));
  const nonce = useStep(async (_progress, file: File) =>
    desk.sales.receiveNonce(orderHash, { name: file.name, text: await file.text() }),
  );
  return (
    <>
      <p>Send the root file to the buyer, who answers with a nonce file. A second root would be refused.</p>
      <StepButton step={root} kind="plain">
        Download the root
      </StepButton>
      <DropZone
        label="Choose or drop the buyer's nonce file"
        accept=".json"
        onFiles={([file]) => void nonce.run(file!)}
      />
      <ErrorNotice error={nonce.error} />
    </>
  );
}
