import type { ReactNode } from "react";
import type { Step } from "../use-step.ts";
import { AskAgain } from "./ask-again.tsx";
import { ErrorNotice } from "./error-notice.tsx";
import { Progress } from "./progress.tsx";

/**
 * The button of a step, with its progress while it runs and its error when it has failed.
 * @param quiet whether the page shows the step's error itself
 */
export function StepButton<R>({
  step,
  children,
  kind = "main",
  disabled = false,
  quiet = false,
}: {
  step: Step<[], R>;
  children: ReactNode;
  kind?: "main" | "plain" | "danger";
  disabled?: boolean;
  quiet?: boolean;
}) {
  const running = step.state === "running";
  return (
    <div className="step">
      <button
        type="button"
        className={`button button-${kind}`}
        aria-busy={running}
        aria-disabled={running || undefined}
        disabled={disabled}
        onClick={() => void step.run()}
      >
        {running && <span className="spinner" aria-hidden="true" />}
        {children}
      </button>
      <div aria-live="polite">
        {running && <Progress progress={step.progress ?? { what: "Working" }} />}
        {!quiet && <ErrorNotice error={step.error} />}
      </div>
      {step.error?.details.mayAskAgain === true && <AskAgain step={step} />}
    </div>
  );
}
