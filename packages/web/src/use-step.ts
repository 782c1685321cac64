import { useCallback, useEffect, useRef, useState } from "react";
import type { OnProgress, StepProgress } from "./progress.ts";
import { asStepError, type StepError } from "./step-error.ts";
import { lookAgain } from "./look-again.ts";

/** A long step, where it stands and what came of it. */
export interface Step<A extends unknown[] = [], R = unknown> {
  /** Starts it, unless it runs. Never throws. @returns the result, or null if it failed or is running already */
  readonly run: (...parameters: A) => Promise<R | null>;
  readonly state: "idle" | "running" | "done" | "failed";
  readonly progress: StepProgress | null;
  readonly result: R | null;
  readonly error: StepError | null;
  /** Forgets result and error. */
  readonly reset: () => void;
}

type StepView<R> = Pick<Step<never, R>, "state" | "progress" | "result" | "error">;

/**
 * A step that a button starts.
 * @param act does it; the first parameter is told the progress, the others come from `run`
 */
export function useStep<A extends unknown[], R>(
  act: (onProgress: OnProgress, ...parameters: A) => Promise<R>,
): Step<A, R> {
  const idle: StepView<R> = { state: "idle", progress: null, result: null, error: null };
  const [view, setView] = useState<StepView<R>>(idle);
  const latest = useRef(act);
  const running = useRef(false);
  const mounted = useRef(true);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  const run = useCallback(async (...parameters: A): Promise<R | null> => {
    if (running.current) return null;
    running.current = true;
    const show = (next: StepView<R>): void => {
      if (mounted.current) setView(next);
    };
    show({ state: "running", progress: null, result: null, error: null });
    try {
      const onProgress: OnProgress = (progress) => {
        if (running.current) show({ state: "running", progress, result: null, error: null });
      };
      const result = await latest.current(onProgress, ...parameters);
      running.current = false;
      show({ state: "done", progress: null, result, error: null });
      return result;
    } catch (thrown) {
      running.current = false;
      show({ state: "failed", progress: null, result: null, error: asStepError(thrown) });
      return null;
    } finally {
      lookAgain();
    }
  }, []);
  const reset = useCallback(() => {
    if (!running.current) setView({ state: "idle", progress: null, result: null, error: null });
  }, []);
  return { run, reset, ...view };
}
