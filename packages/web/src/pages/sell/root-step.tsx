import { saveFile } from "../../components/download-button.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { SaleView } from "../../worker/sale-steps.ts";

/** Claims the rows that the model has right, before anybody knows which are drawn. */
export function RootStep({ sale }: { sale: SaleView }) {
  const desk = useDesk();
  const { order, orderHash } = sale;
  const step = useStep(async () => saveFile("root.json", await desk.sales.commitRoot(orderHash)));
  return (
    <>
      <p>
        The buyer wants {order.sampledRows} rows proven, drawn from those that you claim. First the page picks{" "}
        {order.threshold} rows that your model has right, in a secret random order, and commits to them; you sign the
        commitment, once for this deal. Then the buyer opens a nonce that draws the rows.
      </p>
      <StepButton step={step}>Claim the rows and sign the root</StepButton>
    </>
  );
}
