import { formatPrice } from "@zkcmp/sale/price";
import { useState } from "react";
import { DropZone } from "../../components/drop-zone.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { Progress } from "../../components/progress.tsx";
import { Select } from "../../components/select.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { RoundView } from "../../worker/round-view.ts";

type Hex = `0x${string}`;

/** What anybody can do in a round, for the gas: settle, forward, claim for others, bring a consent. */
export function ForAnyone({ view, id }: { view: RoundView; id: Hex }) {
  const { status, waiting, round, account } = view;
  const isOver = status.now > round.terms.claimUntil || status.stored.state === "swept";
  const canSettle = status.window.startsWith("to be settled");
  const owed = isOver
    ? []
    : status.providers.filter(({ earned, paid, payee }) => payee !== account && (earned ?? 0n) > paid);
  const canRelay = status.window === "registration" && status.stored.providers < round.shape.providers;
  // What was done is told here, since the part that did it may have nothing left to do.
  const [news, setNews] = useState<string | null>(null);
  if (!canSettle && waiting === 0n && owed.length === 0 && !canRelay && news === null) return null;
  return (
    <section className="card" aria-labelledby="anyone">
      <h2 id="anyone">What anybody can do here</h2>
      {account === null && <p className="hint">Connect an account first: it pays the gas.</p>}
      {canSettle && <Settle view={view} id={id} tell={setNews} />}
      {waiting > 0n && <Forward view={view} id={id} isOver={isOver} tell={setNews} />}
      {owed.length > 0 && <ClaimForOther view={view} id={id} owed={owed} tell={setNews} />}
      {canRelay && <Relay view={view} id={id} tell={setNews} />}
      <div aria-live="polite">{news !== null && <Notice tone="good" title={news} />}</div>
    </section>
  );
}

type Tell = (news: string) => void;

function Settle({ view: { round, status }, id, tell }: { view: RoundView; id: Hex; tell: Tell }) {
  const desk = useDesk();
  const settle = useStep(async (onProgress) => {
    await desk.rounds.settle(round.rewards, id, onProgress);
    tell("The round is settled.");
  });
  return (
    <div className="stack">
      <p>
        {status.stored.providers === 0
          ? "Nobody registered: settling lets the owner take the pool back."
          : "No proof came in time: settling splits the pool equally, and providers can claim then."}
      </p>
      <StepButton step={settle}>Settle the round</StepButton>
    </div>
  );
}

function Forward({
  view: { round, waiting },
  id,
  isOver,
  tell,
}: {
  view: RoundView;
  id: Hex;
  isOver: boolean;
  tell: Tell;
}) {
  const desk = useDesk();
  const forward = useStep(async (onProgress) => {
    const { amount } = await desk.rounds.forward(round.rewards, id, onProgress);
    tell(`Forwarded ${formatPrice(amount, round.terms.token)} into the pool.`);
  });
  return (
    <div className="stack">
      <p>
        Sales of the model have set aside {formatPrice(waiting, round.terms.token)} for this round. Forwarding moves it
        from the escrow into the pool, and every provider can claim its share of it.
        {isOver && " Claims are over, so it would go to the owner."}
      </p>
      <StepButton step={forward} disabled={isOver}>
        Forward {formatPrice(waiting, round.terms.token)} into the pool
      </StepButton>
    </div>
  );
}

function ClaimForOther({
  view: { round },
  id,
  owed,
  tell,
}: {
  view: RoundView;
  id: Hex;
  owed: RoundView["status"]["providers"];
  tell: Tell;
}) {
  const desk = useDesk();
  const [chosen, setChosen] = useState<Hex>(owed[0]!.payee);
  const provider = owed.find(({ payee }) => payee === chosen) ?? owed[0]!;
  const { token } = round.terms;
  const claim = useStep(async (onProgress) => {
    const { payee, amount } = await desk.rounds.claim(round.rewards, id, { payee: provider.payee }, onProgress);
    tell(`${payee} was paid ${formatPrice(amount, token)}.`);
  });
  return (
    <div className="stack">
      <p>A reward can be claimed for its provider: the provider is paid, whoever sends it.</p>
      <div className="form">
        <Select
          label="Provider"
          value={provider.payee}
          onChange={setChosen}
          options={owed.map(({ payee, earned, paid }) => ({
            value: payee,
            label: `${payee.slice(0, 8)}…${payee.slice(-4)}: ${formatPrice((earned ?? 0n) - paid, token)}`,
          }))}
        />
      </div>
      <StepButton step={claim} kind="plain">
        Claim for this provider
      </StepButton>
    </div>
  );
}

function Relay({ view: { round }, id, tell }: { view: RoundView; id: Hex; tell: Tell }) {
  const desk = useDesk();
  const relay = useStep(async (onProgress, file: File) => {
    const { payee, slot } = await desk.rounds.relay(round.rewards, id, file, onProgress);
    tell(`${payee} is registered in slot ${slot + 1}.`);
  });
  return (
    <details className="round-details">
      <summary>Register another provider with its consent</summary>
      <div className="stack">
        <p>The provider is registered and paid; you pay the gas. It is sent as soon as the file is read.</p>
        <DropZone
          label="The provider’s consent"
          accept=".json,application/json"
          onFiles={([file]) => void relay.run(file!)}
        />
        {relay.state === "running" && <Progress progress={relay.progress ?? { what: "Reading the consent" }} />}
        <ErrorNotice error={relay.error} />
      </div>
    </details>
  );
}
