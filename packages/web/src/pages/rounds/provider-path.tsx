import { Notice } from "../../components/notice.tsx";
import { useSession } from "../../session-view.ts";
import type { RoundView } from "../../worker/round-view.ts";
import { StepFrame } from "../deal/step-frame.tsx";
import { ClaimStep } from "./claim-step.tsx";
import { DisclosureStep } from "./disclosure-step.tsx";
import { ReceiptStep } from "./receipt-step.tsx";
import { RegisterStep } from "./register-step.tsx";
import { RowsStep } from "./rows-step.tsx";

type Hex = `0x${string}`;

/** Seconds before the end of registration from which a provider has to hurry. */
const SOON = 3600;

/** The way of a data provider through a round, and where the account is on it. */
export function ProviderPath({ view, id }: { view: RoundView; id: Hex }) {
  const { account, steps, status, own, round } = view;
  const { registrationUntil } = round.terms;
  const left = registrationUntil - status.now;
  const isGoingOn = own === null && steps.register !== "over";
  if (own === null && !isGoingOn) {
    return (
      <section className="stack" aria-labelledby="path">
        <h2 id="path">Your way through this round</h2>
        <p>{whyOver(view)}</p>
      </section>
    );
  }
  return (
    <section className="stack" aria-labelledby="path">
      <h2 id="path">Your way through this round</h2>
      {account === null && <ConnectFirst />}
      {isGoingOn && left < SOON && (
        <Notice tone="warn" title="Registration ends soon.">
          <p>
            Rows, receipt and registration have to be done by then, and the transaction must be mined. If the owner does
            not answer in time, nothing of yours is in the round.
          </p>
        </Notice>
      )}
      <ol className="deal-steps">
        <StepFrame title="Commit to your rows" state={steps.rows}>
          <RowsStep view={view} id={id} />
        </StepFrame>
        <StepFrame title="Hand the disclosure to the owner" state={steps.disclosure}>
          <DisclosureStep view={view} id={id} />
        </StepFrame>
        <StepFrame title="Take the owner’s receipt" state={steps.receipt}>
          <ReceiptStep view={view} id={id} />
        </StepFrame>
        <StepFrame title="Register" state={steps.register}>
          <RegisterStep view={view} id={id} />
        </StepFrame>
        <StepFrame title="Wait for the proof" state={steps.watch}>
          {steps.watch === "wait" && (
            <p>
              The owner trains on all rows and proves the values. Without a proof in time the pool is split equally: you
              lose nothing by waiting.
            </p>
          )}
        </StepFrame>
        <StepFrame title="Claim your reward" state={steps.claim}>
          <ClaimStep view={view} id={id} />
        </StepFrame>
      </ol>
    </section>
  );
}

function ConnectFirst() {
  const { isDevelopment } = useSession();
  return (
    <Notice tone="info" title="No account is connected.">
      <p>
        Connect {isDevelopment ? "a wallet or a development account" : "a wallet"} at the top of the page to take part:
        it is the account that registers and is paid.
      </p>
    </Notice>
  );
}

function whyOver({ account, status: { stored, now }, round: { terms, shape } }: RoundView): string {
  if (stored.state === "open" && now <= terms.registrationUntil && stored.providers >= shape.providers) {
    return `All ${shape.providers} slots of the round are taken: ask the owner for another round.`;
  }
  return account === null
    ? "Registration is over. If you are a provider of this round, connect the account that you registered."
    : "Registration is over, and your account is no provider of this round.";
}
