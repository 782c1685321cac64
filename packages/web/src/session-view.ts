import { createContext, useContext } from "react";
import type { SessionView } from "./worker/session-desk.ts";

export const SessionContext = createContext<SessionView | null>(null);

/** The market and the account of this page. */
export function useSession(): SessionView {
  const session = useContext(SessionContext);
  if (session === null) throw new TypeError("useSession outside of the page's frame");
  return session;
}
