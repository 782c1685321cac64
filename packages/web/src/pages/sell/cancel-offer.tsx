import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { SaleView } from "../../worker/sale-steps.ts";

/** Takes back an offer that nobody has funded. */
export function CancelOffer({ sale }: { sale: SaleView }) {
  const desk = useDesk();
  const step = useStep((onProgress) => desk.sales.cancel(sale.orderHash, onProgress));
  return (
    <section className="stack" aria-labelledby="cancel">
      <h2 id="cancel">Take the offer back</h2>
      <p>
        As long as nobody has funded it, you can take the offer back for the price of the gas.{" "}
        {sale.testSetReceived
          ? "You have seen the test set, so nothing can be sealed for this order any more: it ends here."
          : "The order can then be sealed anew, with a fresh key."}
      </p>
      <StepButton step={step} kind="danger">
        Cancel the offer
      </StepButton>
    </section>
  );
}
