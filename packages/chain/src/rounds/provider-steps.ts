import type { StepState } from "../buyer/purchase-steps.ts";
import type { OwnContribution } from "./own-contribution.ts";
import type { OpenedRound } from "./round-file.ts";
import type { RoundStatus } from "./round-status.ts";
import type { Address } from "@zkcmp/sale/order";

/** A data provider's steps in a round, and where each stands. */
export interface ProviderSteps {
  readonly rows: StepState;
  readonly disclosure: StepState;
  readonly receipt: StepState;
  readonly register: StepState;
  readonly watch: StepState;
  readonly claim: StepState;
}

/**
 * Where an account stands as a data provider, from chain and journal alone. Who was registered from elsewhere, or by somebody else, has
 * done all steps up to that.
 * @param contribution what the account's journal knows; null if nothing
 */
export function providerSteps(
  { shape, terms }: Pick<OpenedRound, "shape" | "terms">,
  { stored, now, providers, equal }: Pick<RoundStatus, "stored" | "now" | "providers" | "equal">,
  account: Address | null,
  contribution: Pick<OwnContribution, "receipt"> | null,
): ProviderSteps {
  const own = providers.find(({ payee }) => payee === account);
  if (own !== undefined) {
    const isOver = stored.state === "swept" || now > terms.claimUntil;
    const isPaid = (own.earned ?? 0n) <= own.paid;
    return {
      ...{ rows: "done", disclosure: "done", receipt: "done", register: "done" },
      watch: equal === null ? "wait" : "done",
      claim: equal === null ? "later" : isPaid ? "done" : isOver ? "over" : "now",
    };
  }
  const isOpen = stored.state === "open" && now <= terms.registrationUntil && stored.providers < shape.providers;
  const after = { watch: isOpen ? "later" : "over", claim: isOpen ? "later" : "over" } as const;
  if (!isOpen) return { rows: "over", disclosure: "over", receipt: "over", register: "over", ...after };
  if (contribution === null) {
    return { rows: "now", disclosure: "later", receipt: "later", register: "later", ...after };
  }
  return contribution.receipt === null
    ? { rows: "done", disclosure: "now", receipt: "wait", register: "later", ...after }
    : { rows: "done", disclosure: "done", receipt: "done", register: "now", ...after };
}
