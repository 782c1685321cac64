import { formatSpan } from "@zkcmp/sale/time";
import { DataList } from "../../components/data-list.tsx";
import { Notice } from "../../components/notice.tsx";
import type { ProofForecastView } from "../../worker/proof-forecast.ts";

/** What a proof takes against what this browser has. */
export function ProofForecast({ forecast }: { forecast: ProofForecastView }) {
  const { fits, problem, memoryBytes, seconds, proofBytes, cores, threads, isolated, memoryKnown } = forecast;
  return (
    <>
      {fits ? (
        <Notice tone="good" title={`The proof fits this browser: about ${formatSpan(Math.ceil(seconds))}`} />
      ) : (
        <Notice tone="warn" title="The proof does not fit this browser">
          {problem !== null && <p>{problem}.</p>}
        </Notice>
      )}
      <DataList
        facts={[
          ["Time", `about ${formatSpan(Math.ceil(seconds))}, rough`],
          [
            "Memory",
            `about ${gibibytes(memoryBytes)}${memoryKnown === null ? "" : ` of ${gibibytes(memoryKnown)} that the browser tells of`}`,
          ],
          ["Proof", `${proofBytes.toLocaleString("en-US")} bytes`],
          [
            "Cores",
            threads === 1 && cores > 1
              ? `1 of ${cores}: this page's host does not isolate it, so threads cannot share memory`
              : `${threads} of ${cores}${isolated ? ", isolated" : ""}`,
          ],
        ]}
      />
    </>
  );
}

function gibibytes(count: number): string {
  return `${(count / 2 ** 30).toFixed(2)} GiB`;
}
