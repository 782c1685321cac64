import { formatPrice } from "@zkcmp/sale/price";
import { formatSpan } from "@zkcmp/sale/time";
import { useState } from "react";
import { Check } from "../../components/check.tsx";
import { Notice } from "../../components/notice.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useSession } from "../../session-view.ts";
import { useStep } from "../../use-step.ts";
import type { SaleView } from "../../worker/sale-steps.ts";
import { formatShare } from "./sale-words.ts";

/**
 * Opens the key, after the seller has agreed to it.
 * @param late whether the margin is over, and a redemption that was begun before is sent once more
 */
export function RedeemStep({ sale, late = false }: { sale: SaleView; late?: boolean }) {
  const desk = useDesk();
  const { account } = useSession();
  const [agreed, setAgreed] = useState(false);
  const [acceptCredit, setAcceptCredit] = useState(false);
  const [raiseFee, setRaiseFee] = useState(false);
  const { order, orderHash, due, split, margin, times, now, keyMayBeKnown } = sale;
  const price = formatPrice(due, order.token);
  const step = useStep((onProgress) =>
    desk.sales.redeem(orderHash, { keyIsPublic: late, acceptCredit, raiseFee }, onProgress),
  );
  const left = typeof times?.marginFrom === "number" ? times.marginFrom - now : null;
  return (
    <>
      {late ? (
        <Notice tone="warn" title="A redemption was begun before, so the key may be known already">
          <p>
            If it may have been sent, sending it once more can only help: until the buyer takes the refund, the escrow
            still pays you for the key. If it was certainly never sent, keep the key.
          </p>
        </Notice>
      ) : (
        <Notice tone="info" title={`The price is locked and final: ${price} for the key`}>
          <ul>
            <li>
              The key becomes public for good. It opens the network for this buyer alone, who also needs the secret of
              the X25519 key in the order.
            </li>
            <li>
              The escrow pays {price} to{" "}
              {account !== null && account === sale.seller ? "the connected account" : "the seller"}
              {split === null
                ? ""
                : `, and sets ${formatPrice(split.share, order.token)} (${formatShare(split.basisPoints)}) aside for the data providers`}
              . You pay the gas.
            </li>
            <li>
              The page shows the key only while the refund is at least {formatSpan(margin)} away
              {left === null ? "" : `, so for another ${formatSpan(left)}`}. A key that waits in the open when the
              refund opens could cost you the price.
            </li>
            <li>
              The node simulates the transaction, and a wallet hands it to its own node: both see the key before it is
              mined. One that is dishonest and works for the buyer could hold it back until the refund. Use a wallet and
              a node that you trust, or a private relay with <code>zkcmp redeem --relay-url</code>.
            </li>
          </ul>
        </Notice>
      )}
      {account !== null && account !== sale.seller && (
        <Notice tone="warn" title="The connected account is not the one that offered">
          <p>It pays the gas; the price goes to the seller that the deal names, whoever shows the key.</p>
        </Notice>
      )}
      <Check label="I want the key to become public now" checked={agreed} onChange={setAgreed} />
      <details>
        <summary>If it does not go through</summary>
        <Check
          label="Accept a credit where the token refuses to pay now"
          checked={acceptCredit}
          onChange={setAcceptCredit}
          hint="The key is out then, and the credit may never be paid."
        />
        {keyMayBeKnown && (
          <Check
            label="Pay a higher fee"
            checked={raiseFee}
            onChange={setRaiseFee}
            hint="Than the redemption that waits. For development accounts; a wallet speeds up its own transactions."
          />
        )}
      </details>
      <StepButton step={step} disabled={!agreed}>
        Open the key for {price}
      </StepButton>
      {step.result !== null && (
        <Notice
          tone="good"
          title={step.result.paid === "paid" ? `You were paid ${price}` : `${price} wait for you in the escrow`}
        />
      )}
    </>
  );
}
