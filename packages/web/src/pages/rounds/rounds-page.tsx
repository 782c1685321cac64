import { formatPrice } from "@zkcmp/sale/price";
import { CommandLine } from "../../components/command-line.tsx";
import { DropZone } from "../../components/drop-zone.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { type Column, ResponsiveTable } from "../../components/responsive-table.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { spanWords } from "../../components/when.tsx";
import { useDesk } from "../../desk-client.ts";
import { goTo, routeHref } from "../../route.ts";
import { useLook } from "../../use-look.ts";
import { useStep } from "../../use-step.ts";
import type { RoundLine, RoundList } from "../../worker/round-view.ts";
import { placeWords, roundBadge, roundName } from "./round-words.ts";
import "./rounds.css";

/** All rewards rounds of the market. */
export function RoundsPage() {
  const desk = useDesk();
  const look = useLook(() => desk.rounds.list(), []);
  const add = useStep(async (_, file: File) => {
    const { rewards, roundId } = await desk.rounds.addRoundFile(file);
    goTo({ page: "round", rewards, roundId });
  });
  return (
    <>
      <PageTitle lead="Give rows to the training of a model. A proof says what each provider’s rows were worth to it, and a contract splits the round’s pool by that.">
        Rounds
      </PageTitle>
      <ErrorNotice error={look.error} />
      {look.value === null ? (
        look.loading && <p role="status">Reading the rounds…</p>
      ) : (
        <>
          <Rounds list={look.value} />
          {look.value.leftOut.map(({ source, problem, fix }) => (
            <Notice key={source} tone="warn" title={`Left out: ${source}`}>
              <p>
                {problem}. {fix}
              </p>
            </Notice>
          ))}
        </>
      )}
      <section className="stack" aria-labelledby="add-round">
        <h2 id="add-round">A round that you were sent</h2>
        <DropZone
          label="Add a round file"
          accept=".json,application/json"
          hint="The file that the owner of a round has published. Its id hashes all terms and the owner, so the chain tells whether it is right."
          onFiles={([file]) => void add.run(file!)}
        />
        <ErrorNotice error={add.error} />
      </section>
      <details className="round-details">
        <summary>For the owner of a model: open a round</summary>
        <div className="stack">
          <p>
            Rounds are opened, proven and swept with the command line: training, the circuit’s key and the proof need
            more memory than a page has.
          </p>
          <CommandLine
            command={[
              "zkcmp round encoding validation.csv --target COLUMN --out encoding.json",
              "zkcmp round shape --help",
              "zkcmp round deploy --help",
              "zkcmp round open --help",
            ].join("\n")}
          />
        </div>
      </details>
    </>
  );
}

function Rounds({ list: { rounds, contracts, now } }: { list: RoundList }) {
  if (rounds.length === 0) {
    return (
      <EmptyState title="No rounds yet">
        <p>
          {contracts.length === 0
            ? "This market names no rewards contract. If you were sent a round file, add it below."
            : "Nobody has opened a round in this market’s rewards contracts. If you were sent a round file, add it below."}
        </p>
      </EmptyState>
    );
  }
  const columns: Column<RoundLine>[] = [
    {
      title: "Round",
      cell: ({ rewards, roundId }) => (
        <a href={routeHref({ page: "round", rewards, roundId })} title={roundId}>
          {roundName(roundId)}
        </a>
      ),
    },
    {
      title: "State",
      cell: ({ state, window, contradiction }) =>
        contradiction === null ? <StateBadge {...roundBadge(state, window)} /> : `do not use: ${contradiction}`,
    },
    {
      title: "Time left",
      cell: ({ deadline }) => (deadline === null ? "–" : `${deadline.what} ${spanWords(deadline.at, now)}`),
    },
    { title: "Pool", align: "right", cell: ({ pool, token }) => formatPrice(pool, token) },
    { title: "Providers", align: "right", cell: ({ providers, slots }) => `${providers} of ${slots}` },
    { title: "You", cell: ({ own }) => placeWords(own) },
  ];
  return (
    <ResponsiveTable
      caption="Rounds of this market"
      columns={columns}
      rows={rounds}
      rowKey={({ rewards, roundId }) => `${rewards} ${roundId}`}
    />
  );
}
