import type { StepState } from "@zkcmp/chain/buyer/purchase-steps";
import { ETHER } from "@zkcmp/sale/ether";
import { formatPrice, formatRounded } from "@zkcmp/sale/price";
import { formatSpan } from "@zkcmp/sale/time";
import { useState } from "react";
import { Check } from "../../components/check.tsx";
import { DataList } from "../../components/data-list.tsx";
import { Notice } from "../../components/notice.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { When } from "../../components/when.tsx";
import { useDesk } from "../../desk-client.ts";
import { useLook } from "../../use-look.ts";
import { useStep } from "../../use-step.ts";
import type { DealView } from "../../worker/deals-desk.ts";
import { AccountNeeded } from "./account-needed.tsx";
import { StepFrame } from "./step-frame.tsx";

/** Locks the price, after a complete check of the bundle. */
export function FundStep({ view, state }: { view: DealView; state: StepState }) {
  const { deal, times } = view;
  const price = formatPrice(deal.price, deal.token);
  return (
    <StepFrame title="Fund" state={state}>
      {state === "now" && <Payment view={view} price={price} />}
      {state === "later" && <p>When the bundle is checked completely, you lock {price} in the escrow.</p>}
      {state === "done" && (
        <p>
          {price} {deal.state === "funded" ? "are locked" : "were locked"}
          {times.funded !== null && (
            <>
              {" "}
              <When at={times.funded} now={view.now} />
            </>
          )}
          .
        </p>
      )}
      {state === "over" && (
        <p>
          {deal.state === "cancelled"
            ? "The seller took the offer back. Nothing was paid. A new order needs fresh rows if these were revealed."
            : "The time to fund is over. Nothing was paid. A new order needs fresh rows if these were revealed."}
        </p>
      )}
    </StepFrame>
  );
}

function Payment({ view, price }: { view: DealView; price: string }) {
  const desk = useDesk();
  const { dealId, deal, purchase, account, times } = view;
  const [permit, setPermit] = useState(false);
  const cost = useLook(() => desk.deals.fundCost(dealId), [dealId]).value;
  const step = useStep((onProgress) => desk.deals.fund(dealId, { permit }, onProgress));
  const isIncomplete = purchase?.check?.isComplete === false;
  const isToken = deal.token !== ETHER;
  return (
    <>
      <DataList
        facts={[
          ["Price", price],
          [
            "Gas",
            cost === null
              ? "…"
              : cost.needsApproval
                ? "two transactions, the token’s approval and the payment, or a permit and one"
                : cost.fee === null
                  ? "told by your wallet"
                  : `at most ${formatRounded(cost.fee, ETHER, "more")}`,
          ],
          ["You have", cost === null ? "…" : formatRounded(cost.balance, deal.token, "less")],
        ]}
      />
      {cost !== null && cost.balance < deal.price && (
        <Notice tone="warn" title="The account does not have the price.">
          <p>It lacks {formatPrice(deal.price - cost.balance, deal.token)}. Send them to it first.</p>
        </Notice>
      )}
      <p>
        If the seller never shows the key, you take the price back after {formatSpan(deal.timeToRedeem)}. It costs you
        the gas and the time, and the seller nothing: there are no bonds.
      </p>
      {times.near && (
        <Notice tone="warn" title={`Only ${formatSpan(times.left!)} are left to fund.`}>
          <p>A payment that is mined later is refused, and costs its gas.</p>
        </Notice>
      )}
      {purchase?.check === null && <p>The bundle is checked once more before the wallet is asked.</p>}
      {isToken && (
        <Check
          label="Sign a permit in place of an approval (ERC-2612)"
          hint="One transaction less, for tokens that have it."
          checked={permit}
          onChange={setPermit}
        />
      )}
      {isIncomplete ? (
        <Notice tone="bad" title="This bundle cannot be funded: not everything was checked." />
      ) : (
        <>
          <AccountNeeded account={account} needed={deal.buyer} />
          <StepButton step={step} disabled={account !== deal.buyer}>
            Lock {price}
          </StepButton>
        </>
      )}
    </>
  );
}
