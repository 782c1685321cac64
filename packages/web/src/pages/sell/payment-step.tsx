import { saveFile } from "../../components/download-button.tsx";
import { Notice } from "../../components/notice.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { SaleView } from "../../worker/sale-steps.ts";
import { DealLink } from "./deal-link.tsx";

/** The bundle goes out; the buyer checks it and pays. */
export function PaymentStep({ sale }: { sale: SaleView }) {
  const desk = useDesk();
  const step = useStep(async () => saveFile("bundle.json", await desk.sales.bundle(sale.orderHash)));
  return (
    <>
      <Notice tone="good" title={`The proof is made: ${sale.proofBytes?.toLocaleString("en-US")} bytes`}>
        <p>
          Send the bundle to the buyer. It holds the sealed network and the proof, and nothing that opens the network.
          The buyer checks it and locks the price in the escrow; this page shows when that has happened.
        </p>
      </Notice>
      <StepButton step={step}>Save the bundle for the buyer</StepButton>
      <DealLink sale={sale} />
    </>
  );
}
