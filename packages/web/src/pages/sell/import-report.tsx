import { DataList } from "../../components/data-list.tsx";
import { Notice } from "../../components/notice.tsx";
import { ResponsiveTable } from "../../components/responsive-table.tsx";
import type { ImportedView } from "../../worker/new-sale-steps.ts";
import { percent } from "../deal/deal-words.ts";

/** What quantisation has cost, and what became of each layer. */
export function ImportReport({ imported }: { imported: ImportedView }) {
  const { accuracy, regression, layers, notes } = imported;
  return (
    <div className="stack">
      <h4>On these rows, float against quantised</h4>
      <p className="hint" role="status">
        They are your rows, not the buyer's: the proof counts the buyer's.
      </p>
      {accuracy !== null && <Accuracy {...accuracy} />}
      {regression !== null && (
        <DataList
          facts={[
            ["RMSE of the trained network", regression.float.rmse.toPrecision(5)],
            ["RMSE of the integer network", regression.quantised.rmse.toPrecision(5)],
            [
              "R², trained and integer",
              `${squared(regression.float.rSquared)} and ${squared(regression.quantised.rSquared)}`,
            ],
            ["Rows", String(regression.quantised.rows)],
            [
              "Targets beyond the digits",
              regression.clippedTargets === 0 ? "none" : `${regression.clippedTargets} were clipped`,
            ],
          ]}
        />
      )}
      <ResponsiveTable
        caption="Layers of the integer network"
        rows={layers.map((layer, index) => ({ ...layer, index }))}
        rowKey={({ index }) => String(index)}
        columns={[
          { title: "Layer", cell: ({ index }) => String(index + 1) },
          { title: "Size", cell: ({ inputs, outputs }) => `${inputs} to ${outputs}` },
          { title: "Activation", cell: ({ activation }) => activation },
          { title: "Clipped weights", align: "right", cell: ({ clipped }) => percent(clipped) },
          { title: "Shift", align: "right", cell: ({ shift }) => String(shift) },
          { title: "Worst-case bits", align: "right", cell: ({ magnitudeBits }) => String(magnitudeBits) },
        ]}
      />
      {notes.length > 0 && (
        <ul>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Accuracy({ float, quantised, classNames }: NonNullable<ImportedView["accuracy"]>) {
  const [low, high] = quantised.interval;
  return (
    <>
      <DataList
        facts={[
          [
            "Trained network",
            `${percent(float.accuracy)}, 95 % interval ${percent(float.interval[0])} to ${percent(float.interval[1])}`,
          ],
          [
            "Integer network",
            `${percent(quantised.accuracy)}, 95 % interval ${percent(low)} to ${percent(high)}: ${quantised.right} of ${quantised.rows} rows right`,
          ],
          ["Largest class", `always answering it would be right on ${percent(quantised.largestClassShare)}`],
        ]}
      />
      {quantised.accuracy <= quantised.largestClassShare && (
        <Notice tone="warn" title="The network is no better than always answering the largest class" />
      )}
      <details>
        <summary>By class</summary>
        <ResponsiveTable
          caption="Accuracy by class"
          rows={quantised.classes.map((score, label) => ({ label, score, before: float.classes[label] }))}
          rowKey={({ label }) => String(label)}
          columns={[
            { title: "Class", cell: ({ label }) => classNames[label] ?? String(label) },
            { title: "Rows", align: "right", cell: ({ score }) => String(score.rows) },
            { title: "Trained", align: "right", cell: ({ before }) => percent(before?.accuracy ?? NaN) },
            { title: "Integer", align: "right", cell: ({ score }) => percent(score.accuracy) },
          ]}
        />
      </details>
    </>
  );
}

function squared(value: number): string {
  return Number.isFinite(value) ? value.toFixed(4) : "–";
}
