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
      <div className="card">
        <h3>Back it up</h3>
        <p>
          The file is readable without a password. It holds your networks, test sets and the keys of running sales: keep
          it where only you can read it. <code>zkcmp journal restore</code> takes it as well, so a deal that was begun
          here can go on with the command line.
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
          hint="From this page or from `zkcmp journal backup`. Nothing that is here is overwritten."
          onFiles={([file]) => void restore.run(file!)}
        />
        <ErrorNotice error={restore.error} />
        {restore.result !== null && (
          <Notice
            tone="good"
            title={
              restore.result.length === 0
                ? "All of the backup was here already"
                : `${restore.result.length} ${restore.result.length === 1 ? "file was" : "files were"} put back`
            }
          />
        )}
      </div>
    </>
  );
}
