import { type DependencyList, useEffect, useState } from "react";
import { asStepError, type StepError } from "../../step-error.ts";

/** What was asked last. */
export interface Answer<R> {
  readonly value: R | null;
  readonly error: StepError | null;
  readonly asking: boolean;
}

/**
 * Asks once, and again when something has changed; what comes back to an older question is dropped.
 * @param ask null where there is nothing to ask
 */
export function useAnswer<R>(ask: (() => Promise<R>) | null, dependencies: DependencyList): Answer<R> {
  const [answer, setAnswer] = useState<Answer<R>>({ value: null, error: null, asking: false });
  useEffect(() => {
    let ended = false;
    if (ask === null) {
      setAnswer({ value: null, error: null, asking: false });
      return;
    }
    setAnswer(({ value }) => ({ value, error: null, asking: true }));
    ask().then(
      (value) => {
        if (!ended) setAnswer({ value, error: null, asking: false });
      },
      (thrown: unknown) => {
        if (!ended) setAnswer({ value: null, error: asStepError(thrown), asking: false });
      },
    );
    return () => {
      ended = true;
    };
    // `ask` is a new function at every render: the caller says what it depends on.
  }, dependencies);
  return answer;
}
