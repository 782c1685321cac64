import { DataList } from "../../components/data-list.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useLook } from "../../use-look.ts";
import { useStep } from "../../use-step.ts";

/** Whether the browser may clear keys and journal by itself, and how much they take. */
export function StorageState() {
  const desk = useDesk();
  const { value, error } = useLook(() => desk.keys.storage(), []);
  const ask = useStep(() => navigator.storage.persist());
  if (value === null) return <ErrorNotice error={error} />;
  const { persisted, used, quota } = value;
  return (
    <>
      <DataList
        facts={[
          ["Used", used === null ? "the browser does not tell" : bytes(used)],
          ["Available", quota === null ? "the browser does not tell" : bytes(quota)],
          [
            "Kept for good",
            persisted === null
              ? "the browser does not tell"
              : persisted
                ? "yes, until you clear this site's data"
                : "no",
          ],
        ]}
      />
      {persisted === true ? (
        <Notice tone="good" title="The browser will not clear this site's data by itself">
          <p>You still can: clearing cookies and site data deletes keys and journal.</p>
        </Notice>
      ) : (
        <>
          <Notice tone="warn" title="The browser may clear keys and journal by itself, such as when the disk is full">
            <p>Ask it to keep them, and back them up in any case.</p>
          </Notice>
          <StepButton step={ask} kind="plain">
            Ask the browser to keep them
          </StepButton>
          {ask.result === false && (
            <p role="status">
              The browser refuses for now. Most agree once you use the page often, have bookmarked it or let it notify
              you. Until then, back up.
            </p>
          )}
        </>
      )}
    </>
  );
}

function bytes(count: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3));
  return `${(count / 1000 ** power).toLocaleString("en-US", { maximumFractionDigits: 1 })} ${units[power]}`;
}
