import { formatPercent } from "./percent.ts";
import { useState } from "react";
import { Check } from "../../components/check.tsx";
import { DropZone } from "../../components/drop-zone.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { type Column, ResponsiveTable } from "../../components/responsive-table.tsx";
import { ShortHex } from "../../components/short-hex.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { RoundView, RowFacts } from "../../worker/round-view.ts";

type Hex = `0x${string}`;
type ColumnFacts = RowFacts["report"][number];

/** From this share of clipped values on, a column does not fit the encoding's range. */
const TOO_CLIPPED = 0.05;

/** A CSV becomes digits and a commitment, in this browser. */
export function RowsStep({ view, id }: { view: RoundView; id: Hex }) {
  const desk = useDesk();
  const { contribution, encoding, account, steps, round } = view;
  const { rewards } = round;
  const [file, setFile] = useState<File | null>(null);
  const [dropMissing, setDropMissing] = useState(false);
  const read = useStep((_, rows: File, leaveOut: boolean) =>
    desk.rounds.readRows(rewards, id, rows, { dropMissing: leaveOut }),
  );
  const commit = useStep((onProgress) => desk.rounds.commitRows(rewards, id, file!, { dropMissing }, onProgress));
  const committed = contribution?.committed ?? [];
  const take = (rows: File, leaveOut: boolean): void => {
    setFile(rows);
    commit.reset();
    void read.run(rows, leaveOut);
  };
  return (
    <>
      {committed.map(({ commitment, rows }) => (
        <p key={String(commitment)}>
          Committed to {rows} {rows === 1 ? "row" : "rows"}:{" "}
          <ShortHex hex={`0x${commitment.toString(16).padStart(64, "0")}`} what="the commitment" />
        </p>
      ))}
      <div aria-live="polite">
        {commit.result !== null && (
          <Notice tone="good" title={`Committed to ${commit.result.rows} rows. They are in this browser only.`} />
        )}
      </div>
      {(steps.rows === "now" || (steps.rows === "done" && steps.register !== "done")) && encoding !== null && (
        <Wrapped isOpen={committed.length === 0}>
          <p>
            The rows are read, encoded and committed to in this browser, and kept in its journal. They do not leave it:
            only the commitment does, which shows nothing of them.
          </p>
          <DropZone
            label="Your rows (CSV)"
            accept=".csv,text/csv,text/plain"
            hint={`With a header that names ${[...encoding.features, encoding.target].map(({ name }) => name).join(", ")}; other columns are ignored. At most ${round.shape.rows} rows.`}
            onFiles={([rows]) => take(rows!, dropMissing)}
          />
          <Check
            label="Leave out rows with missing values"
            checked={dropMissing}
            onChange={(leaveOut) => {
              setDropMissing(leaveOut);
              if (file !== null) take(file, leaveOut);
            }}
          />
          <ErrorNotice error={read.error} />
          {read.result !== null && file !== null && (
            <>
              <Facts facts={read.result} most={round.shape.rows} />
              <StepButton step={commit} disabled={account === null || read.result.facts.rows > round.shape.rows}>
                Commit to {read.result.facts.rows} rows
              </StepButton>
              {account === null && <p className="hint">Connect an account first: the commitment names it.</p>}
            </>
          )}
        </Wrapped>
      )}
    </>
  );
}

/** Once rows are committed to, other ones are an exception. */
function Wrapped({ isOpen, children }: { isOpen: boolean; children: React.ReactNode }) {
  if (isOpen) return <>{children}</>;
  return (
    <details className="round-details">
      <summary>Commit to other rows instead</summary>
      <div className="stack">{children}</div>
    </details>
  );
}

function Facts({ facts: { name, report, dropped, facts }, most }: { facts: RowFacts; most: number }) {
  const columns: Column<ColumnFacts>[] = [
    { title: "Column", cell: (column) => column.name },
    { title: "Values", align: "right", cell: ({ low, high }) => `${short(low)} to ${short(high)}` },
    { title: "One digit is", align: "right", cell: ({ resolution }) => short(resolution) },
    { title: "Clipped", align: "right", cell: ({ clipped }) => formatPercent(clipped) },
  ];
  const clipped = report.filter((column) => column.clipped > TOO_CLIPPED).map((column) => column.name);
  return (
    <div className="round-facts" aria-live="polite">
      <p>
        <strong>
          {facts.rows} rows of {name} as digits.
        </strong>
      </p>
      <ResponsiveTable
        caption={`Columns of ${name}`}
        columns={columns}
        rows={report}
        rowKey={(column) => column.name}
      />
      {facts.rows > most && (
        <Notice tone="bad" title={`The round takes at most ${most} rows of a provider, these are ${facts.rows}.`}>
          <p>Choose which rows to bring, and leave the others out of the file.</p>
        </Notice>
      )}
      {dropped.length > 0 && <p>Left out, since a value is missing: line {dropped.join(", ")}.</p>}
      {facts.repeated > 0 && <p>{facts.repeated} rows occur more than once.</p>}
      {clipped.length > 0 && (
        <Notice tone="warn" title="The encoding’s range does not suit these rows.">
          <p>More than 5 % of {clipped.join(", ")} lie outside the range and are clipped to its end.</p>
        </Notice>
      )}
      {facts.constant.length > 0 && facts.rows > 1 && (
        <p>
          {facts.constant.map((position) => report[position]?.name ?? `digit ${position + 1}`).join(", ")} never changes
          in these rows.
        </p>
      )}
    </div>
  );
}

function short(value: number): string {
  return Number(value.toPrecision(5)).toString();
}
