import type { RoundSession, RoundSteps } from "./round-steps.ts";

type Given<Name extends keyof RoundSteps> = Parameters<RoundSteps[Name]>;

/** What the page asks about rewards rounds. The code behind it is loaded with the first question, see {@link RoundSteps}. */
export class RoundsDesk {
  readonly #session: RoundSession;
  #loaded: Promise<RoundSteps> | null = null;

  constructor(session: RoundSession) {
    this.#session = session;
  }

  /** All rounds of the market, and those whose files were given here. */
  async list(...given: Given<"list">) {
    return (await this.#steps()).list(...given);
  }

  /** Takes a round file, if its round exists. */
  async addRoundFile(...given: Given<"addRoundFile">) {
    return (await this.#steps()).addRoundFile(...given);
  }

  /** Where a round stands, and the account in it. */
  async look(...given: Given<"look">) {
    return (await this.#steps()).look(...given);
  }

  /** Holds a round's contract against the keys that were verified here. */
  async check(...given: Given<"check">) {
    return (await this.#steps()).check(...given);
  }

  /** What of a provider's rows the digits keep; nothing is kept or sent. */
  async readRows(...given: Given<"readRows">) {
    return (await this.#steps()).readRows(...given);
  }

  /** Commits to rows; they stay in the journal. */
  async commitRows(...given: Given<"commitRows">) {
    return (await this.#steps()).commitRows(...given);
  }

  /** Rows and salt of a commitment, for the owner alone. */
  async disclosure(...given: Given<"disclosure">) {
    return (await this.#steps()).disclosure(...given);
  }

  /** Checks the owner's receipt and keeps it. */
  async takeReceipt(...given: Given<"takeReceipt">) {
    return (await this.#steps()).takeReceipt(...given);
  }

  /** Registers the account by a transaction of its own. */
  async register(...given: Given<"register">) {
    return (await this.#steps()).register(...given);
  }

  /** Signs a consent, with which anybody can register the account. */
  async signConsent(...given: Given<"signConsent">) {
    return (await this.#steps()).signConsent(...given);
  }

  /** Registers another provider with its consent. */
  async relay(...given: Given<"relay">) {
    return (await this.#steps()).relay(...given);
  }

  /** Takes back the consents that were not used. */
  async revoke(...given: Given<"revoke">) {
    return (await this.#steps()).revoke(...given);
  }

  /** Claims what is due. */
  async claim(...given: Given<"claim">) {
    return (await this.#steps()).claim(...given);
  }

  /** Moves what sales have set aside into the pool. */
  async forward(...given: Given<"forward">) {
    return (await this.#steps()).forward(...given);
  }

  /** Settles a round for which no proof came. */
  async settle(...given: Given<"settle">) {
    return (await this.#steps()).settle(...given);
  }

  /** The chart as an SVG file. */
  async chartFile(...given: Given<"chartFile">) {
    return (await this.#steps()).chartFile(...given);
  }

  async #steps(): Promise<RoundSteps> {
    this.#loaded ??= import("./round-steps.ts").then(({ RoundSteps }) => new RoundSteps(this.#session));
    try {
      return await this.#loaded;
    } catch (error) {
      // The network may have failed while the code was loaded.
      this.#loaded = null;
      throw error;
    }
  }
}
