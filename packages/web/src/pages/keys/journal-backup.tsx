import { saveFile } from "../../components/download-button.tsx";
import { DropZone } from "../../components/drop-zone.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";

/** The journal into a file, and back. */
export function JournalBackup() {
  const desk = useDesk();
  const backup = useStep(async () => saveFile("zkcmp-journal.json", await desk.keys.exportJournal()));
  const restore = useStep(async (_progress, file: File) =>
    desk.keys.importJournal({ name: file.name, text: await file.text() }),
  );
  return (
    <>
      <p>
        The journal is the memory of your deals: orders with their test sets and salts, sealed networks with the keys
        that earn their price, bundles, and every transaction before it was sent. Without it a sale cannot be redeemed
        and a purchase not be unsealed.
      </p>
      <div className="card-grid">
        <div className="card">
          <h3>Back it up</h3>
          <p>
            The file is readable without a password. It holds your networks, test sets and the keys of running sales:
            keep it where only you can read it. <code>zkcmp journal restore</code> takes it as well, so a deal that was
            begun here can go on with the command line.
          </p>
          <StepButton step={backup}>Back up the journal</StepButton>
          {backup.state === "done" && (
            <p className="hint" role="status">
              zkcmp-journal.json is as of now: back up again after the next step of a deal.
            </p>
          )}
        </div>
        <div className="card">
          <h3>Put it back</h3>
          <DropZone
            label="Choose or drop a journal backup"
            accept=".json"
            hint="From this page or from zkcmp journal backup. Nothing that is here is overwritten."
            onFiles={([file]) => void restore.run(file!)}
          />
          <ErrorNotice error={restore.error} />
          {restore.result !== null && <Restored {...restore.result} />}
        </div>
      </div>
    </>
  );
}

function Restored({ restored, kept, same }: { restored: readonly string[]; kept: readonly string[]; same: number }) {
  const files = (count: number): string => (count === 1 ? "1 file" : `${count} files`);
  return (
    <>
      <Notice
        tone="good"
        title={restored.length === 0 ? "Nothing of the backup was missing here" : `${files(restored.length)} put back`}
      >
        {same > 0 && <p>{files(same)} of it were here already.</p>}
      </Notice>
      {kept.length > 0 && (
        <Notice
          tone="warn"
          title={`${files(kept.length)} here say something else than the backup, and were left as they are`}
        >
          <p>Nobody can tell which is the newer one, and an older copy could make a step forget what was sent since.</p>
          <ul className="plain-list mono break">
            {kept.map((name) => (
              <li key={name}>{name}</li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}
