import { type DependencyList, useCallback, useEffect, useRef, useState } from "react";
import { onLookAgain } from "./look-again.ts";
import { asStepError, type StepError } from "./step-error.ts";
import { useSession } from "./session-view.ts";

/** What was seen of the chain or the journal last. */
export interface Look<R> {
  /** null before the first answer; the last good answer stays while later looks fail. */
  readonly value: R | null;
  /** Why the last look failed. */
  readonly error: StepError | null;
  /** Whether nothing has come back yet. */
  readonly loading: boolean;
  /** Looks now. */
  readonly refresh: () => void;
}

/** Milliseconds between two looks. */
const INTERVAL = { live: 4000, development: 500 };

/**
 * Looks again and again while the page is seen, and at once after each step.
 * @param see asks the desk
 * @param dependencies what `see` depends on: when one changes, what was seen before is forgotten
 */
export function useLook<R>(see: () => Promise<R>, dependencies: DependencyList): Look<R> {
  const { isDevelopment } = useSession();
  const [view, setView] = useState<Pick<Look<R>, "value" | "error" | "loading">>({
    value: null,
    error: null,
    loading: true,
  });
  const trigger = useRef<() => void>(() => undefined);
  useEffect(() => {
    let ended = false;
    let looking = false;
    let again = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    setView({ value: null, error: null, loading: true });
    const look = async (): Promise<void> => {
      if (looking) {
        again = true;
        return;
      }
      clearTimeout(timer);
      looking = true;
      do {
        again = false;
        try {
          const value = await see();
          if (!ended) setView({ value, error: null, loading: false });
        } catch (thrown) {
          if (!ended) setView(({ value }) => ({ value, error: asStepError(thrown), loading: false }));
        }
      } while (again && !ended);
      looking = false;
      if (ended || document.hidden) return;
      timer = setTimeout(() => void look(), isDevelopment ? INTERVAL.development : INTERVAL.live);
    };
    const lookNow = (): void => void look();
    const onVisible = (): void => {
      if (!document.hidden) lookNow();
    };
    trigger.current = lookNow;
    lookNow();
    const stop = onLookAgain(lookNow);
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      ended = true;
      clearTimeout(timer);
      stop();
      document.removeEventListener("visibilitychange", onVisible);
    };
    // `see` is a new function at every render: the caller says what it depends on.
  }, [isDevelopment, ...dependencies]);
  const refresh = useCallback(() => trigger.current(), []);
  return { ...view, refresh };
}
