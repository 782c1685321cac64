import { formatPrice } from "@zkcmp/sale/price";
import { useState } from "react";
import { Check } from "../../components/check.tsx";
import { DropZone } from "../../components/drop-zone.tsx";
import { Notice } from "../../components/notice.tsx";
import { NumberField } from "../../components/number-field.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useSession } from "../../session-view.ts";
import { useStep } from "../../use-step.ts";
import type { SaleView } from "../../worker/sale-steps.ts";
import type { NamedText } from "../../worker/keys-desk.ts";
import { useAnswer } from "./use-answer.ts";

/** Puts the sealed network on chain, perhaps with a share for the people whose data made it. */
export function OfferStep({ sale }: { sale: SaleView }) {
  const desk = useDesk();
  const { account } = useSession();
  const { order, orderHash } = sale;
  const [hasSplit, setHasSplit] = useState(false);
  const [percent, setPercent] = useState("10");
  const [round, setRound] = useState<NamedText | null>(null);
  const basisPoints = /^\d{1,2}(\.\d{1,2})?$/.test(percent) ? Math.round(100 * Number(percent)) : 0;
  const percentProblem = hasSplit && (basisPoints < 1 || basisPoints > 9_999) ? "Give 0.01 to 99.99 per cent." : null;
  const shares = useAnswer(
    hasSplit && percentProblem === null ? () => desk.sales.shares(orderHash, basisPoints) : null,
    [orderHash, hasSplit, basisPoints],
  );
  const begun = sale.step === "offer-again";
  const step = useStep((onProgress) =>
    desk.sales.offer(orderHash, !begun && hasSplit && round !== null ? { round, basisPoints } : null, onProgress),
  );
  return (
    <>
      {begun && (
        <Notice tone="warn" title="The offer was begun and is not on chain">
          <p>Offer again: the same offer goes on, and never two of them.</p>
        </Notice>
      )}
      <p>
        The offer puts price, times and a commitment to the sealed network on chain, for the buyer alone. After it the
        seal cannot be changed, so it does not matter that you see the test set then. It costs gas; the price will go to
        the account that offers{account === null ? "" : ", which is the connected one"}.
      </p>
      {!begun && (
        <Check
          label="Give a share of the price to data providers"
          checked={hasSplit}
          onChange={setHasSplit}
          hint="To the rewards round of the people whose data made the model."
        />
      )}
      {!begun && hasSplit && (
        <div className="card">
          <DropZone
            label={round === null ? "Choose or drop the round file" : `Round file: ${round.name}`}
            accept=".json"
            hint="The round's owner publishes it; the page Rounds has it for rounds that are known here."
            onFiles={([file]) => void file!.text().then((text) => setRound({ name: file!.name, text }))}
          />
          <NumberField
            label="Share of the price"
            unit="%"
            value={percent}
            onChange={setPercent}
            problem={percentProblem}
          />
          {shares.value !== null && (
            <p>
              {formatPrice(shares.value.toSeller, order.token)} to you, {formatPrice(shares.value.toRound, order.token)}{" "}
              to the round.
            </p>
          )}
        </div>
      )}
      <StepButton step={step} disabled={!begun && hasSplit && (round === null || percentProblem !== null)}>
        Offer on chain
      </StepButton>
    </>
  );
}
