import { DropZone } from "../../components/drop-zone.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { RoundView } from "../../worker/round-view.ts";

type Hex = `0x${string}`;

/** The owner's word that the rows were seen, without which nobody registers. */
export function ReceiptStep({ view, id }: { view: RoundView; id: Hex }) {
  const desk = useDesk();
  const { contribution, steps, round } = view;
  const take = useStep((_, file: File) => desk.rounds.takeReceipt(round.rewards, id, file));
  if (contribution === null) return null;
  const { receipt, committed } = contribution;
  const rows = committed.find(({ commitment }) => commitment === receipt?.commitment)?.rows;
  const isNewest = committed.at(-1)?.commitment === receipt?.commitment;
  return (
    <>
      {receipt !== null && (
        <Notice
          tone={isNewest ? "good" : "warn"}
          title={`The owner’s receipt for ${rows} rows is here, and its signature is the owner’s.`}
        >
          {!isNewest && (
            <p>It is for rows that you committed to earlier: these will be registered, not the newest ones.</p>
          )}
        </Notice>
      )}
      {steps.register !== "done" && (
        <>
          <DropZone
            label="The owner’s receipt"
            accept=".json,application/json"
            hint="The file that the owner made after seeing your disclosure."
            onFiles={([file]) => void take.run(file!)}
          />
          <ErrorNotice error={take.error} />
        </>
      )}
    </>
  );
}
