import { saveFile } from "../../components/download-button.tsx";
import { CommandLine } from "../../components/command-line.tsx";
import { Notice } from "../../components/notice.tsx";
import { Progress } from "../../components/progress.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { SaleView } from "../../worker/sale-steps.ts";
import { ProofForecast } from "./proof-forecast.tsx";

/** Makes the proof here, or says how the command line makes it. */
export function ProveStep({ sale }: { sale: SaleView }) {
  const desk = useDesk();
  const { orderHash, proofSystem, proving, forecast } = sale;
  const step = useStep(async (onProgress) => saveFile("bundle.json", await desk.sales.prove(orderHash, onProgress)));
  const running = step.state === "running" || proving !== null;
  const isHere = proofSystem === "libra" && forecast !== null;
  return (
    <>
      <p>
        The proof shows the buyer that the sealed network does what the order asks, and nothing else of it. It counts as
        one answer about your model.
      </p>
      {forecast !== null && <ProofForecast forecast={forecast} />}
      {isHere && (
        <>
          {proving !== null && step.state !== "running" ? (
            <Progress progress={proving} />
          ) : (
            <StepButton step={step} kind={forecast.fits ? "main" : "plain"}>
              {forecast.fits ? "Prove in this browser" : "Try it in this browser all the same"}
            </StepButton>
          )}
          {running && (
            <>
              <p>
                The page stays usable meanwhile. If you close it the proof ends; start it again whenever you like,
                nothing but time is lost.
              </p>
              <button
                type="button"
                className="button button-plain"
                onClick={() => void desk.sales.stopProof(orderHash)}
              >
                Stop the proof
              </button>
            </>
          )}
        </>
      )}
      {(!isHere || !forecast.fits) && (
        <>
          <Notice
            tone="info"
            title={
              proofSystem === "groth16"
                ? "Groth16 is proven with the command line"
                : "This proof takes more than this browser has: prove it with the command line"
            }
          >
            <p>
              Back up the journal below, put it into the command line's home, and go on with this sale there, up to the
              price. Do not go on with it in both places.
            </p>
          </Notice>
          <CommandLine
            command={`zkcmp journal restore zkcmp-journal.json\nzkcmp prove ${orderHash}${proofSystem === "groth16" ? " --proving-key key.zkey" : ""} --out bundle.json`}
          />
        </>
      )}
    </>
  );
}
