import { type FormEvent, useState } from "react";
import { Check } from "../../components/check.tsx";
import { DownloadButton } from "../../components/download-button.tsx";
import { DropZone } from "../../components/drop-zone.tsx";
import { NumberField } from "../../components/number-field.tsx";
import { Select } from "../../components/select.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { TextField } from "../../components/text-field.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { NamedText } from "../../worker/keys-desk.ts";
import type { NetworkView, OrderView } from "../../worker/new-sale-steps.ts";
import { ImportReport } from "./import-report.tsx";
import type { ReadFile } from "./new-sale.tsx";
import { EMPTY_IMPORT, type ImportTexts, parseImport } from "./parse-import.ts";

/** Turns a trained network into one of integers, with rows that choose the rescaling. */
export function ImportForm({
  order,
  onNetwork,
}: {
  order: ReadFile<OrderView> | null;
  onNetwork: (network: ReadFile<NetworkView> | null) => void;
}) {
  const desk = useDesk();
  const [model, setModel] = useState<File | null>(null);
  const [rows, setRows] = useState<readonly File[]>([]);
  const [encoding, setEncoding] = useState<NamedText | null>(null);
  const [texts, setTexts] = useState<ImportTexts>(EMPTY_IMPORT);
  const set =
    <Name extends keyof ImportTexts>(name: Name) =>
    (value: ImportTexts[Name]) =>
      setTexts({ ...texts, [name]: value });
  const asked = order?.view.order.predicate;
  const predicate = asked ?? texts.predicate;
  const { options, problems } = parseImport({ ...texts, predicate });
  const fromOrder = order !== null && order.view.hasEncoding && encoding === null;
  const step = useStep(async (onProgress) => {
    onNetwork(null);
    const imported = await desk.sales.importModel(
      {
        model: await bytesOf(model!),
        rows: await Promise.all(rows.map(bytesOf)),
        order: fromOrder ? order.file : null,
        encoding,
        options: options!,
      },
      onProgress,
    );
    onNetwork({ file: imported.network, view: imported.view });
    return imported;
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (model !== null && rows.length > 0 && options !== null) void step.run();
  };
  return (
    <form className="stack" onSubmit={submit}>
      <DropZone
        label={model === null ? "Choose or drop the model" : `Model: ${model.name}`}
        accept=".onnx,.json"
        hint="An .onnx file as PyTorch, Keras or scikit-learn export it, or a float network in JSON."
        onFiles={([file]) => setModel(file!)}
      />
      <DropZone
        label={
          rows.length === 0 ? "Choose or drop the calibration rows" : `Rows: ${rows.map(({ name }) => name).join(", ")}`
        }
        multiple
        hint="Rows like those to come, with labels: one CSV, or two IDX files (images and labels). They choose the rescaling and measure what it costs; they stay here."
        onFiles={setRows}
      />
      {asked === undefined && (
        <Select
          label="The model answers with"
          value={texts.predicate}
          onChange={set("predicate")}
          options={[
            { value: "accuracy", label: "a class" },
            { value: "squared-error", label: "a number" },
          ]}
        />
      )}
      {fromOrder ? (
        <p>
          Features become integers by the encoding that the order publishes ({order.file.name}), so that you and the
          buyer mean the same rows.
        </p>
      ) : (
        <p>
          {order === null
            ? "Give the order first if you have one: the encoding that it publishes is used then. "
            : "The order publishes no encoding. "}
          Without one, an encoding is made from these rows, for the buyer's order.
        </p>
      )}
      <details>
        <summary>More about rows and encoding</summary>
        <div className="stack">
          <TextField
            label={predicate === "accuracy" ? "Label column of the CSV" : "Target column of the CSV"}
            hint="Left empty, the last one."
            value={texts.labelColumn}
            onChange={set("labelColumn")}
          />
          {predicate === "accuracy" && (
            <TextField
              label="Classes"
              hint="How many, or their names in the model's order, such as no,yes. Left empty, those that occur in a CSV, or 10."
              value={texts.classes}
              onChange={set("classes")}
              problem={problems.classes}
            />
          )}
          <DropZone
            label={encoding === null ? "Choose or drop an encoding file" : `Encoding: ${encoding.name}`}
            accept=".json"
            hint="Takes the place of the order's, or of one that is made."
            onFiles={([file]) => void file!.text().then((text) => setEncoding({ name: file!.name, text }))}
          />
          <div className="form-row">
            <NumberField
              label="Bits of an input"
              whole
              hint="Of an encoding that is made: 1 to 16."
              value={texts.inputBits}
              onChange={set("inputBits")}
              problem={problems.inputBits}
            />
            {predicate === "squared-error" && (
              <NumberField
                label="Bits of a target"
                whole
                hint="Of an encoding that is made: 2 to 16."
                value={texts.targetBits}
                onChange={set("targetBits")}
                problem={problems.targetBits}
              />
            )}
            <NumberField
              label="Bits of a weight"
              whole
              hint={`2 to 16; left empty, ${predicate === "accuracy" ? 8 : 16}.`}
              value={texts.weightBits}
              onChange={set("weightBits")}
              problem={problems.weightBits}
            />
          </div>
          <div className="form-row">
            <TextField
              label="Mean"
              hint="If the model was trained on (x - mean) / deviation: a number, or one for each feature."
              value={texts.mean}
              onChange={set("mean")}
              problem={problems.mean}
            />
            <TextField
              label="Deviation"
              hint="Such as 255 for pixels scaled to 0..1."
              value={texts.deviation}
              onChange={set("deviation")}
              problem={problems.deviation}
            />
          </div>
          {predicate === "accuracy" && (
            <Check label="Images: take the mean of each 2x2 block" checked={texts.pool} onChange={set("pool")} />
          )}
        </div>
      </details>
      <StepButton step={step} disabled={model === null || rows.length === 0 || options === null}>
        Quantise and measure
      </StepButton>
      {step.result !== null && (
        <>
          <ImportReport imported={step.result} />
          <div className="button-row">
            <DownloadButton name={step.result.network.name} text={step.result.network.text}>
              Download the integer network
            </DownloadButton>
            {step.result.encoding !== null && (
              <DownloadButton name={step.result.encoding.name} text={step.result.encoding.text}>
                Download the encoding
              </DownloadButton>
            )}
          </div>
          {step.result.encoding !== null && (
            <p>The encoding is public: give it to buyers, whose orders publish it, so that both encode rows alike.</p>
          )}
        </>
      )}
    </form>
  );
}

async function bytesOf(file: File): Promise<{ name: string; bytes: Uint8Array }> {
  return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
}
