import { useState } from "react";
import { DataList } from "../../components/data-list.tsx";
import { DropZone } from "../../components/drop-zone.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Select } from "../../components/select.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { NetworkView, OrderView } from "../../worker/new-sale-steps.ts";
import { ImportForm } from "./import-form.tsx";
import type { ReadFile } from "./new-sale.tsx";

/** The network: quantised here, or finished before. */
export function ModelStep({
  order,
  network,
  onNetwork,
}: {
  order: ReadFile<OrderView> | null;
  network: ReadFile<NetworkView> | null;
  onNetwork: (network: ReadFile<NetworkView> | null) => void;
}) {
  const desk = useDesk();
  const [kind, setKind] = useState<"trained" | "finished">("trained");
  const finished = useStep(async (_progress, given: File) => {
    const file = { name: given.name, text: await given.text() };
    onNetwork({ file, view: await desk.sales.readNetwork(file) });
  });
  return (
    <section className="card" aria-labelledby="model-step">
      <h3 id="model-step">2. The model</h3>
      <p>
        It stays in this browser. Proofs count in integers, so a trained network is turned into one of integers first.
      </p>
      <Select
        label="What do you have?"
        value={kind}
        onChange={setKind}
        options={[
          { value: "trained", label: "A trained network: ONNX, or a float network in JSON" },
          { value: "finished", label: "An integer network, as this page or zkcmp network import wrote it" },
        ]}
      />
      {kind === "trained" ? (
        <ImportForm order={order} onNetwork={onNetwork} />
      ) : (
        <>
          <DropZone
            label="Choose or drop the integer network"
            accept=".json"
            onFiles={([file]) => void finished.run(file!)}
          />
          <ErrorNotice error={finished.error} />
        </>
      )}
      {network !== null && (
        <div role="status">
          <DataList
            facts={[
              ["To be sold", network.file.name],
              ["Shape", network.view.shape],
              ["Parameters", `${network.view.parameters.toLocaleString("en-US")} of ${network.view.weightBits} bits`],
              ["Answers", network.view.isRegression ? "a number" : "a class"],
            ]}
          />
        </div>
      )}
    </section>
  );
}
