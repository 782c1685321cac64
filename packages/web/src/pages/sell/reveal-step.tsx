import { DropZone } from "../../components/drop-zone.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { SaleView } from "../../worker/sale-steps.ts";
import { DealLink } from "./deal-link.tsx";

/** Waits for the buyer's test set and takes it. */
export function RevealStep({ sale }: { sale: SaleView }) {
  const desk = useDesk();
  const step = useStep(async (_progress, file: File) =>
    desk.sales.receiveReveal(sale.orderHash, { name: file.name, text: await file.text() }),
  );
  return (
    <>
      <p>The offer is final. Send the deal's id to the buyer, who answers with the test set.</p>
      <DealLink sale={sale} />
      <DropZone
        label="Choose or drop the buyer's reveal file"
        accept=".json"
        hint="It is checked against the order. From then on this order is never sealed again: you could have trained on its rows."
        onFiles={([file]) => void step.run(file!)}
      />
      {step.state === "running" && <p role="status">Checking the test set…</p>}
      <ErrorNotice error={step.error} />
      {step.result !== null && (
        <Notice
          tone="good"
          title={`The test set is the order's: ${step.result.rows} rows of ${step.result.features} features`}
        />
      )}
    </>
  );
}
