import { useEffect, useState } from "react";
import { useDesk } from "./desk-client.ts";
import { onLookAgain } from "./look-again.ts";
import { useSession } from "./session-view.ts";
import { asStepError, type StepError } from "./step-error.ts";

/** Whether the node answers, is on the market's chain, and the escrow there is the contract that this version knows. */
export interface MarketCheck {
  readonly state: "looking" | "checked" | "failed";
  readonly error: StepError | null;
  /** Checks again. */
  readonly again: () => void;
}

/** Milliseconds until a check that failed is done again by itself. */
const RETRY = 10_000;

/** Checks the market once, and again while that fails. */
export function useMarketCheck(): MarketCheck {
  const desk = useDesk();
  const { deployment } = useSession();
  const [view, setView] = useState<Omit<MarketCheck, "again">>({ state: "looking", error: null });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let ended = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stop: () => void = () => undefined;
    desk.session.checkEscrow().then(
      () => {
        if (!ended) setView({ state: "checked", error: null });
      },
      (thrown) => {
        if (ended) return;
        setView({ state: "failed", error: asStepError(thrown) });
        const again = (): void => setRound(round + 1);
        timer = setTimeout(again, RETRY);
        stop = onLookAgain(again);
      },
    );
    return () => {
      ended = true;
      clearTimeout(timer);
      stop();
    };
  }, [desk, deployment.chainId, deployment.escrow, round]);
  return { ...view, again: () => setRound(round + 1) };
}
