import { Notice } from "../../components/notice.tsx";
import type { SaleView } from "../../worker/sale-steps.ts";
import { DealLink } from "./deal-link.tsx";
import { NonceStep } from "./nonce-step.tsx";
import { OfferStep } from "./offer-step.tsx";
import { PaymentStep } from "./payment-step.tsx";
import { ProveStep } from "./prove-step.tsx";
import { RedeemStep } from "./redeem-step.tsx";
import { RevealStep } from "./reveal-step.tsx";
import { RootStep } from "./root-step.tsx";

/** What the seller does now, or waits for. */
export function NextStep({ sale }: { sale: SaleView }) {
  switch (sale.step) {
    case "offer":
    case "offer-again":
      return <OfferStep sale={sale} />;
    case "offer-final":
      return (
        <>
          <Notice tone="info" title="The offer is on chain, and not final yet">
            <p>
              Until it is final, the chain could still forget it. The buyer hands out the test set after that, so there
              is nothing to do but wait; send the deal's id meanwhile.
            </p>
          </Notice>
          <DealLink sale={sale} />
        </>
      );
    case "test-set":
      return <RevealStep sale={sale} />;
    case "root":
      return <RootStep sale={sale} />;
    case "nonce":
      return <NonceStep sale={sale} />;
    case "proof":
      return <ProveStep sale={sale} />;
    case "payment":
      return <PaymentStep sale={sale} />;
    case "payment-final":
      return (
        <Notice tone="info" title="The buyer has paid into the escrow, and it is not final yet">
          <p>
            Keep the key until it is: were the chain to forget the payment after you showed the key, the buyer would
            have both. On Ethereum this takes about a quarter of an hour; this page goes on by itself.
          </p>
        </Notice>
      );
    case "redeem":
      return <RedeemStep sale={sale} />;
    case "redeem-late":
    case "refund-open":
      return (
        <>
          <Notice
            tone="bad"
            title={
              sale.step === "refund-open"
                ? "The buyer may take the price back now, so the key must stay secret"
                : "The refund opens so soon that the key must stay secret"
            }
          >
            <p>
              Whoever sees a key that is not mined yet could take the refund and keep the model. Let the buyer have the
              price back; the model stays sealed and can be sold again.
            </p>
          </Notice>
          {sale.keyMayBeKnown && <RedeemStep sale={sale} late />}
        </>
      );
    case "funding-over":
      return (
        <Notice tone="warn" title="Nobody has funded the offer in time">
          <p>
            It cannot be funded any more. Take it back, so that it is out of the list; nothing was paid and no key was
            shown.
          </p>
        </Notice>
      );
    case "redeemed":
      return (
        <Notice tone="good" title="The key is open and the price was paid">
          <p>If your account or its token refused the payment, it waits in the escrow and is shown below.</p>
        </Notice>
      );
    case "refunded":
      return (
        <Notice tone="warn" title="The buyer took the price back">
          <p>
            {sale.keyMayBeKnown
              ? "A redemption was begun before, so the buyer may know the key."
              : "The key was never shown: the model is still yours and can be sold again."}
          </p>
        </Notice>
      );
    case "cancelled":
      return (
        <Notice tone="info" title="You took the offer back">
          <p>
            {sale.testSetReceived
              ? "You have seen the test set, so this order ends here."
              : "The order can be sealed anew from the page Sell, with a fresh key."}
          </p>
        </Notice>
      );
  }
}
