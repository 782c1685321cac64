import type { Session } from "./session.ts";

/** What the page asks about the keys and the journal of this browser. */
export class KeysDesk {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The account that acts, or null. */
  account(): string | null {
    return this.#session.account();
  }
}
