import { useState } from "react";
import { CommandLine } from "../../components/command-line.tsx";
import { DataList } from "../../components/data-list.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { NumberField } from "../../components/number-field.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { goTo } from "../../route.ts";
import { useStep } from "../../use-step.ts";
import type { NetworkView, Objection, OrderView } from "../../worker/new-sale-steps.ts";
import type { ReadFile } from "./new-sale.tsx";
import { parseLimits } from "./parse-limits.ts";
import { ProofForecast } from "./proof-forecast.tsx";
import { useAnswer } from "./use-answer.ts";

/** Whether network and order fit, how much the order may ask, what the proof takes; then the seal. */
export function SealStep({
  order,
  network,
}: {
  order: ReadFile<OrderView> | null;
  network: ReadFile<NetworkView> | null;
}) {
  const desk = useDesk();
  const [texts, setTexts] = useState({ minimumRows: "100", accuracy: "", rmse: "", bits: "" });
  const { limits, problems } = parseLimits(texts);
  const ready = order !== null && network !== null;
  const check = useAnswer(ready && limits !== null ? () => desk.sales.check(order.file, network.file, limits) : null, [
    order,
    network,
    JSON.stringify(limits),
  ]);
  const seal = useStep(async (onProgress) => {
    onProgress({ what: "Sealing" });
    const orderHash = await desk.sales.seal(order!.file, network!.file, limits!);
    goTo({ page: "sale", orderHash });
  });
  const set = (name: keyof typeof texts) => (value: string) => setTexts({ ...texts, [name]: value });
  const isRegression = order?.view.order.predicate === "squared-error";
  const result = check.asking ? null : check.value;
  return (
    <section className="card" aria-labelledby="seal-step">
      <h3 id="seal-step">3. Limits, forecast, seal</h3>
      {!ready && <p>Give the order and the model first.</p>}
      {ready && (
        <>
          <p>
            Every proof, and every refusal, tells the buyer something about your model. Say how much an order may ask of
            it.
          </p>
          <div className="form-row">
            <NumberField
              label="Fewest rows"
              whole
              hint="On few rows, one answer pins down single predictions."
              value={texts.minimumRows}
              onChange={set("minimumRows")}
              problem={problems.minimumRows}
            />
            {isRegression ? (
              <NumberField
                label="Advertised RMSE (optional)"
                hint="In units of the targets: orders that ask for less are refused."
                value={texts.rmse}
                onChange={set("rmse")}
                problem={problems.rmse}
              />
            ) : (
              <NumberField
                label="Advertised accuracy (optional)"
                unit="%"
                hint="Orders that ask for more are refused."
                value={texts.accuracy}
                onChange={set("accuracy")}
                problem={problems.accuracy}
              />
            )}
            <NumberField
              label="Most bits in all (optional)"
              whole
              hint="All answers about this model together tell no more."
              value={texts.bits}
              onChange={set("bits")}
              problem={problems.bits}
            />
          </div>
          <ErrorNotice error={check.error} />
          {check.asking && <p role="status">Checking order and network…</p>}
          {result !== null && (
            <>
              <Verdict
                good="The network fits the order"
                bad="The network does not fit the order"
                objection={result.misfit}
              />
              <Verdict good="The order keeps your limits" bad="The order asks for too much" objection={result.excess} />
              <DataList
                facts={[
                  [
                    "Told about this model",
                    `${result.bitsBefore} bits by answers so far and orders that are sealed, ${result.bitsAdded} more by this one`,
                  ],
                ]}
              />
              {result.forecast !== null && <ProofForecast forecast={result.forecast} />}
              {result.forecast !== null && !result.forecast.fits && (
                <p>
                  You can seal and offer here all the same: back the journal up after it, restore it with{" "}
                  <code>zkcmp journal restore</code>, and go on there with <code>zkcmp prove</code>.
                </p>
              )}
            </>
          )}
          <p>
            The seal encrypts the network under a fresh key for this order and writes both into this browser's journal
            before anything else happens. Back that journal up: whoever loses the key loses the price.
          </p>
          <StepButton
            step={seal}
            disabled={limits === null || result === null || result.misfit !== null || result.excess !== null}
          >
            Seal the network
          </StepButton>
          <details>
            <summary>Seal for a Groth16 proof instead</summary>
            <p>
              Groth16 proofs are small, and take a setup with the buyer and files of their own. They are made with the
              command line:
            </p>
            <CommandLine
              command={`zkcmp seal ${order.file.name} ${network.file.name} --proof-system groth16 --proving-key key.zkey`}
            />
          </details>
        </>
      )}
    </section>
  );
}

function Verdict({ good, bad, objection }: { good: string; bad: string; objection: Objection | null }) {
  if (objection === null) return <Notice tone="good" title={good} />;
  const { problem, fix } = objection;
  return (
    <Notice tone="bad" title={bad}>
      <p>{`${problem.charAt(0).toUpperCase()}${problem.slice(1)}. ${fix}`}</p>
    </Notice>
  );
}
