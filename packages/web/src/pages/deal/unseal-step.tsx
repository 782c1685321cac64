import type { StepState } from "@zkcmp/chain/buyer/purchase-steps";
import { DataList } from "../../components/data-list.tsx";
import { DownloadButton } from "../../components/download-button.tsx";
import { Notice } from "../../components/notice.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { DealView, OpenedNetwork } from "../../worker/deals-desk.ts";
import { percent } from "./deal-words.ts";
import { StepFrame } from "./step-frame.tsx";

/** Opens the network and scores it on the test set. */
export function UnsealStep({ view, state }: { view: DealView; state: StepState }) {
  const desk = useDesk();
  const step = useStep((onProgress) => desk.deals.unseal(view.dealId, onProgress));
  return (
    <StepFrame title="Open the network" state={step.state === "done" ? "done" : state}>
      {state === "later" && <p>With the key, the network is opened here and scored on your test set once more.</p>}
      {state === "over" && <p>Without the key the network stays sealed.</p>}
      {state === "now" && (
        <StepButton step={step} kind={step.state === "done" ? "plain" : "main"}>
          Open the network and score it
        </StepButton>
      )}
      {step.result !== null && <Opened network={step.result} isSampled={(view.order?.sampledRows ?? 0) > 0} />}
    </StepFrame>
  );
}

function Opened({ network, isSampled }: { network: OpenedNetwork; isSampled: boolean }) {
  const { file, shape, rows, threshold, errorBound, kept, score, regression } = network;
  return (
    <div className="opened">
      {kept ? (
        <Notice tone="good" title="The network keeps what was promised." />
      ) : (
        <Notice tone="bad" title="The network does not keep what was promised.">
          <p>
            {isSampled
              ? "A sampled proof lets this pass with a small probability."
              : "The proof did not allow this to pass: report it, with the bundle."}
          </p>
        </Notice>
      )}
      <DataList
        facts={
          score === null
            ? [
                ["Promised", `squared errors of at most ${errorBound} over ${rows} rows`],
                ["Measured", `${regression!.errorBound} (RMSE ${regression!.rmse.toPrecision(4)} digits)`],
                ["Network", shape],
              ]
            : [
                [
                  isSampled ? "Claimed" : "Proven",
                  `${isSampled ? "" : "at least "}${threshold} of ${rows}: ${percent(threshold / rows)}`,
                ],
                ["Measured", `${score.right} of ${score.rows}: ${percent(score.accuracy)}`],
                ["95 % interval", `${percent(score.interval[0])} to ${percent(score.interval[1])}`],
                ["Largest class", `always answering it: ${percent(score.largestClassShare)}`],
                ["Network", shape],
              ]
        }
      />
      <p>
        Measured is the network of integers that the proof is about, as you own it now. The float network that it was
        made from stays with the seller.
      </p>
      <DownloadButton name={file.name} text={file.text} kind="main">
        Download the network
      </DownloadButton>
    </div>
  );
}
