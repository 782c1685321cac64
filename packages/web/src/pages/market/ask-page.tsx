import type { Predicate } from "@zkcmp/sale/predicate";
import { useEffect, useState } from "react";
import { Check } from "../../components/check.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { NumberField } from "../../components/number-field.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { Select } from "../../components/select.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { TextField } from "../../components/text-field.tsx";
import { useDesk } from "../../desk-client.ts";
import { goTo } from "../../route.ts";
import { useSession } from "../../session-view.ts";
import { useStep } from "../../use-step.ts";
import { asStepError, type StepError } from "../../step-error.ts";
import type { GoalChoice, GoalView, RowsView } from "../../worker/orders-desk.ts";
import { percent } from "../deal/deal-words.ts";
import { KeyChoice } from "./key-choice.tsx";
import { countIn, durationOptions, numberIn } from "./form-value.ts";
import { RowsForm } from "./rows-form.tsx";
import "./market.css";
import { StatementList } from "../deal/statement-list.tsx";

const HOUR = 3600;
const DAY = 24 * HOUR;

/** A new order: rows, what a network must do on them, price and times. */
export function AskPage() {
  const desk = useDesk();
  const { account } = useSession();
  const [predicate, setPredicate] = useState<Predicate>("accuracy");
  const [rows, setRows] = useState<RowsView | null>(null);
  const [goal, setGoal] = useState<GoalChoice | null>(null);
  const [price, setPrice] = useState("");
  const [token, setToken] = useState("");
  const [fundableFor, setFundableFor] = useState(String(7 * DAY));
  const [timeToRedeem, setTimeToRedeem] = useState(String(DAY));
  const [keyName, setKeyName] = useState<string | null>(null);
  useWarningBeforeLeaving(rows !== null);

  const address = /^0x[0-9a-f]{40}$/i.test(token.trim()) ? (token.trim().toLowerCase() as `0x${string}`) : null;
  const tokenProblem = token.trim() === "" || address !== null ? null : "Write 0x and 40 hexadecimal digits.";
  const priceProblem =
    price.trim() === "" || numberIn(price) !== null || /^[1-9][0-9]*wei$/.test(price.trim())
      ? null
      : "Write a positive number such as 0.5.";
  const missing = [
    rows === null && "your rows",
    rows !== null && goal === null && "what the network must do",
    (price.trim() === "" || priceProblem !== null) && "the price",
    tokenProblem !== null && "the token",
    keyName === null && "the key",
    account === null && "an account (connect one at the top of the page)",
  ].filter((part) => part !== false);
  const step = useStep(async (onProgress) => {
    const orderHash = await desk.orders.place(
      {
        goal: goal!,
        price: price.trim(),
        token: address,
        fundableFor: Number(fundableFor),
        timeToRedeem: Number(timeToRedeem),
        keyName: keyName!,
      },
      onProgress,
    );
    setRows(null);
    goTo({ page: "purchase", orderHash });
  });
  return (
    <>
      <PageTitle lead="You say what a network must do on rows that only you have, and what that is worth to you. Sellers get the order, not the rows.">
        Ask for a model
      </PageTitle>
      <section className="card" aria-labelledby="rows">
        <h2 id="rows">Your rows</h2>
        <Select
          label="What is to be proven"
          value={predicate}
          onChange={(value) => {
            setPredicate(value);
            setGoal(null);
          }}
          options={[
            { value: "accuracy", label: "At least so many rows are right (classes)" },
            { value: "squared-error", label: "Small squared errors (numbers)" },
          ]}
        />
        <RowsForm predicate={predicate} rows={rows} onRows={setRows} />
      </section>
      {rows !== null && (
        <section className="card" aria-labelledby="goal">
          <h2 id="goal">What the network must do</h2>
          {rows.predicate === "accuracy" ? (
            <AccuracyForm rows={rows} onGoal={setGoal} />
          ) : (
            <ErrorForm onGoal={setGoal} />
          )}
          {goal !== null && <GoalWords goal={goal} rows={rows} />}
        </section>
      )}
      <section className="card" aria-labelledby="terms">
        <h2 id="terms">Terms</h2>
        <div className="ask-terms">
          <NumberField
            label="Price"
            value={price}
            onChange={setPrice}
            unit={address === null ? "ether" : "tokens"}
            problem={priceProblem}
          />
          <TextField
            label="Token"
            value={token}
            onChange={setToken}
            placeholder="0x…"
            problem={tokenProblem}
            hint="Empty for ether, or the address of an ERC-20 token. Tokens that change balances by themselves are not supported."
            mono
          />
          <Select
            label="You may fund for"
            value={fundableFor}
            onChange={setFundableFor}
            options={durationOptions([6 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY])}
          />
          <Select
            label="The seller may take to show the key"
            value={timeToRedeem}
            onChange={setTimeToRedeem}
            options={durationOptions([2 * HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY])}
            hint="After it, you may take the price back."
          />
        </div>
      </section>
      <section className="card" aria-labelledby="key">
        <h2 id="key">Your key</h2>
        <KeyChoice value={keyName} onChange={setKeyName} />
      </section>
      <section className="stack" aria-labelledby="sign">
        <h2 id="sign">Sign</h2>
        <p>
          Signing costs nothing and binds you to nothing: you pay when you fund a deal. Rows, salt and order are in this
          browser’s journal from then on. Keep a backup of the journal: nobody else has them.
        </p>
        {missing.length > 0 && <p className="hint">Still missing: {missing.join(", ")}.</p>}
        <StepButton step={step} disabled={missing.length > 0}>
          Sign the order
        </StepButton>
      </section>
    </>
  );
}

function AccuracyForm({ rows, onGoal }: { rows: RowsView; onGoal: (goal: GoalChoice | null) => void }) {
  const [threshold, setThreshold] = useState("");
  const [sampled, setSampled] = useState(false);
  const [drawn, setDrawn] = useState("86");
  const count = countIn(threshold);
  const isThreshold = count !== null && count <= rows.rows;
  const sampledRows = sampled ? countIn(drawn) : 0;
  const isDrawn = sampledRows !== null && (!isThreshold || sampledRows <= count);
  useEffect(() => {
    onGoal(isThreshold && isDrawn ? { predicate: "accuracy", threshold: count, sampledRows: sampledRows } : null);
  }, [onGoal, isThreshold, isDrawn, count, sampledRows]);
  return (
    <>
      <NumberField
        label="Threshold T"
        value={threshold}
        onChange={setThreshold}
        whole
        unit={`of ${rows.rows} rows${isThreshold ? ` = ${percent(count / rows.rows)}` : ""}`}
        problem={threshold.trim() === "" || isThreshold ? null : `Write a whole number from 1 to ${rows.rows}.`}
        hint="At least this many of your rows must be right."
      />
      <Check
        label="Let randomly drawn rows be proven in place of all"
        checked={sampled}
        onChange={setSampled}
        hint="For proofs that would be too large over all rows. What it states is weaker, and only you are convinced."
      />
      {sampled && (
        <NumberField
          label="Drawn rows m"
          value={drawn}
          onChange={setDrawn}
          whole
          unit="rows"
          problem={isDrawn ? null : "Write a whole number from 1 to the threshold."}
        />
      )}
    </>
  );
}

function ErrorForm({ onGoal }: { onGoal: (goal: GoalChoice | null) => void }) {
  const [text, setText] = useState("");
  const rmse = numberIn(text);
  useEffect(() => {
    onGoal(rmse === null ? null : { predicate: "squared-error", rmse });
  }, [onGoal, rmse]);
  return (
    <NumberField
      label="Largest error (RMSE)"
      value={text}
      onChange={setText}
      unit="units of your targets"
      problem={text.trim() === "" || rmse !== null ? null : "Write a positive number such as 3.5."}
      hint="Root of the mean squared error over all rows."
    />
  );
}

/** What the goal states, in words, before anything is signed. */
function GoalWords({ goal, rows }: { goal: GoalChoice; rows: RowsView }) {
  const desk = useDesk();
  const [view, setView] = useState<GoalView | null>(null);
  const [error, setError] = useState<StepError | null>(null);
  const key = JSON.stringify(goal);
  useEffect(() => {
    let ended = false;
    desk.orders.goal(JSON.parse(key) as GoalChoice).then(
      (answer) => {
        if (ended) return;
        setView(answer);
        setError(null);
      },
      (thrown) => {
        if (!ended) setError(asStepError(thrown));
      },
    );
    return () => {
      ended = true;
    };
  }, [desk, key, rows]);
  if (error !== null) return <ErrorNotice error={error} />;
  if (view === null) return null;
  const { lines, baseline } = view;
  return (
    <Notice tone="info" title="What a proof would state">
      <StatementList lines={[...lines, ...baseline]} />
    </Notice>
  );
}

/** Asks before the page is closed while something would be lost by it. */
function useWarningBeforeLeaving(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [active]);
}
