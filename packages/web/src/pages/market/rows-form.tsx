import type { Predicate } from "@zkcmp/sale/predicate";
import { useEffect, useState } from "react";
import { DataList } from "../../components/data-list.tsx";
import { DropZone } from "../../components/drop-zone.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { NumberField } from "../../components/number-field.tsx";
import { Progress } from "../../components/progress.tsx";
import { TextField } from "../../components/text-field.tsx";
import { useDesk } from "../../desk-client.ts";
import { asStepError, type StepError } from "../../step-error.ts";
import type { RowsView } from "../../worker/orders-desk.ts";
import { percent } from "../deal/deal-words.ts";
import { readBytes } from "../deal/file-text.ts";
import { countIn, rangeIn } from "./form-value.ts";

/** Takes the files of the test set, and says what was read of them. */
export function RowsForm({
  predicate,
  rows,
  onRows,
}: {
  predicate: Predicate;
  rows: RowsView | null;
  onRows: (rows: RowsView | null) => void;
}) {
  const desk = useDesk();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [encoding, setEncoding] = useState<File | null>(null);
  const [labelColumn, setLabelColumn] = useState("");
  const [inputBits, setInputBits] = useState("");
  const [range, setRange] = useState("");
  const [classes, setClasses] = useState("");
  const bits = countIn(inputBits);
  const bitsProblem = inputBits.trim() === "" || (bits !== null && bits <= 16) ? null : "Write a number from 1 to 16.";
  const rangeProblem = range.trim() === "" || rangeIn(range) !== null ? null : "Write a range such as 1-200.";
  const [reading, setReading] = useState(false);
  const [error, setError] = useState<StepError | null>(null);
  useEffect(() => {
    if (files.length === 0 || bitsProblem !== null || rangeProblem !== null) return;
    let ended = false;
    const read = async (): Promise<void> => {
      try {
        const rule = encoding === null ? null : (await readBytes([encoding]))[0]!;
        const names = classes.split(",").map((name) => name.trim());
        const view = await desk.orders.readRows(await readBytes(files), rule, {
          predicate,
          labelColumn: labelColumn.trim() === "" ? null : labelColumn.trim(),
          classes: classes.trim() === "" || predicate !== "accuracy" ? null : names,
          inputBits: bits,
          range: rangeIn(range),
        });
        if (!ended) onRows(view);
      } catch (thrown) {
        if (!ended) setError(asStepError(thrown));
      }
      if (!ended) setReading(false);
    };
    onRows(null);
    setError(null);
    setReading(true);
    // What is still being typed is not read yet.
    const timer = setTimeout(() => void read(), 300);
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [desk, files, encoding, predicate, labelColumn, classes, bits, range, bitsProblem, rangeProblem, onRows]);
  return (
    <>
      <DropZone
        label="Test set"
        accept=".csv,.json,.gz,.idx,.ubyte,.idx3-ubyte,.idx1-ubyte,.txt"
        multiple
        hint="A CSV with labels, a pair of IDX files, or a zkcmp test set. The rows stay in this browser until you reveal them to a deal."
        onFiles={(given) => setFiles(given)}
      />
      {files.length > 0 && <p className="hint">Given: {files.map(({ name }) => name).join(", ")}</p>}
      <DropZone
        label="Encoding"
        accept=".json"
        hint="How raw features become integers, for a CSV or images. It is published with the order, so that sellers can prepare."
        onFiles={([file]) => setEncoding(file!)}
      />
      {encoding !== null && <p className="hint">Given: {encoding.name}</p>}
      <details>
        <summary>How the files are to be read</summary>
        <div className="ask-terms">
          <TextField
            label={predicate === "accuracy" ? "Label column" : "Target column"}
            value={labelColumn}
            onChange={setLabelColumn}
            hint="Of a CSV; the last one if empty."
          />
          {predicate === "accuracy" && (
            <TextField
              label="Classes"
              value={classes}
              onChange={setClasses}
              placeholder="no, yes"
              hint="Their names in order, separated by commas; those that occur in a CSV if empty."
            />
          )}
          <NumberField
            label="Input bits"
            value={inputBits}
            onChange={setInputBits}
            whole
            problem={bitsProblem}
            hint="For features that are integers already and need no encoding."
          />
          <TextField
            label="Take only the rows"
            value={range}
            onChange={setRange}
            problem={rangeProblem}
            hint="Such as 1-200; all if empty."
          />
        </div>
      </details>
      <div aria-live="polite">
        {reading && <Progress progress={{ what: "Reading the rows" }} />}
        {rows !== null && <RowsRead rows={rows} />}
      </div>
      <ErrorNotice error={error} />
    </>
  );
}

function RowsRead({ rows }: { rows: RowsView }) {
  const { features, classes, inputBits, largestClassShare, clipped } = rows;
  return (
    <>
      <DataList
        facts={[
          ["Rows n", rows.rows],
          ["Features", `${features} of ${inputBits} bits`],
          ["Classes", largestClassShare === null ? null : classes],
          ["Largest class", largestClassShare === null ? null : `${percent(largestClassShare)} of the rows`],
        ]}
      />
      {clipped > 0 && (
        <Notice tone="warn" title={`${clipped} targets lie outside of what the encoding covers.`}>
          <p>They count as its nearest end.</p>
        </Notice>
      )}
    </>
  );
}
