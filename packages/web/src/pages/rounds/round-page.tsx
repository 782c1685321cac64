import { DropZone } from "../../components/drop-zone.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { When } from "../../components/when.tsx";
import { useDesk } from "../../desk-client.ts";
import { useLook } from "../../use-look.ts";
import { useStep } from "../../use-step.ts";
import type { RoundView } from "../../worker/round-view.ts";
import { ContractCheck } from "./contract-check.tsx";
import { ForAnyone } from "./for-anyone.tsx";
import { OwnerCommands } from "./owner-commands.tsx";
import { ProviderPath } from "./provider-path.tsx";
import { RoundClock } from "./round-clock.tsx";
import { RoundOutcome } from "./round-outcome.tsx";
import { RoundTerms } from "./round-terms.tsx";
import { roundBadge, roundName } from "./round-words.ts";
import "../deal/deal.css";
import "./rounds.css";

type Hex = `0x${string}`;

/** One round: what it offers, a data provider's way through it, and what came of it. */
export function RoundPage({ rewards, roundId }: { rewards: Hex; roundId: Hex }) {
  const desk = useDesk();
  // Another account is looked for at once, and what was dropped meanwhile stays.
  const look = useLook(() => desk.rounds.look(rewards, roundId), [rewards, roundId]);
  return (
    <>
      <PageTitle>Round {roundName(roundId)}</PageTitle>
      <ErrorNotice error={look.error} />
      {look.value === null ? (
        look.loading && <p role="status">Reading the round…</p>
      ) : (
        <Round view={look.value} id={roundId} />
      )}
    </>
  );
}

function Round({ view, id }: { view: RoundView; id: Hex }) {
  const { status, round, account, encoding } = view;
  const { window, deadline, now, stored } = status;
  return (
    <>
      <div className="round-state">
        <StateBadge {...roundBadge(stored.state, window)} />
        {deadline !== null && (
          <span>
            {deadline.what} <When at={deadline.at} now={now} />
          </span>
        )}
        {account === round.owner && <span>This round is yours.</span>}
      </div>
      <OtherAccounts view={view} />
      <RoundTerms view={view} />
      <ContractCheck rewards={round.rewards} roundId={id} />
      {encoding === null && <MissingFile isOpen={window === "registration"} />}
      <ProviderPath view={view} id={id} />
      <RoundOutcome view={view} id={id} />
      <ForAnyone view={view} id={id} />
      <OwnerCommands view={view} />
      <RoundClock view={view} />
    </>
  );
}

function OtherAccounts({ view: { account, otherAccounts, contribution } }: { view: RoundView }) {
  if (otherAccounts.length === 0 || contribution !== null) return null;
  return (
    <Notice tone="warn" title={account === null ? "No account is connected." : "Another account is connected."}>
      <p>
        Rows for this round were committed to in this browser with {otherAccounts.join(" and ")}. Connect that account
        to go on with them.
      </p>
    </Notice>
  );
}

function MissingFile({ isOpen }: { isOpen: boolean }) {
  const desk = useDesk();
  const add = useStep((_, file: File) => desk.rounds.addRoundFile(file));
  return (
    <section className="card" aria-labelledby="round-file">
      <h2 id="round-file">The round file is missing</h2>
      <p>
        The chain knows all terms, but not how columns become digits.{" "}
        {isOpen
          ? "To take part, add the round file that the owner has published."
          : "Looking and claiming work without it."}
      </p>
      <DropZone label="Add the round file" accept=".json,application/json" onFiles={([file]) => void add.run(file!)} />
      <ErrorNotice error={add.error} />
    </section>
  );
}
