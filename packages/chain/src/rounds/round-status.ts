import type { FieldElement } from "@zkcmp/field/element";
import type { Address } from "@zkcmp/sale/order";
import { chainTime, type Connection, WrongChainError } from "../network-connection.ts";
import { earnedBy, weightsOfRound } from "./reward.ts";
import { RewardsContract, type Round } from "./rewards-contract.ts";
import type { OpenedRound } from "./round-file.ts";
import { roundHistory, type Submission } from "./round-history.ts";

/** One provider of a round, with what it brought and earned. */
export interface ProviderStatus {
  /** From 0. */
  readonly slot: number;
  readonly payee: Address;
  readonly commitment: FieldElement;
  /** In units of a value; null without a proof. */
  readonly value: bigint | null;
  /** Earned of the pool so far; null while nothing is decided. */
  readonly earned: bigint | null;
  readonly paid: bigint;
}

/** What can be done now. */
export interface NextStep {
  readonly who: "owner" | "provider" | "anyone";
  readonly what: string;
}

/** Where a round stands. Holds no secret. */
export interface RoundStatus {
  readonly stored: Round;
  /** Unix seconds, the chain's clock. */
  readonly now: number;
  /** The window of the time axis in words. */
  readonly window: string;
  /** The end of the window; null after the last one. */
  readonly deadline: { readonly at: number; readonly what: string } | null;
  readonly providers: readonly ProviderStatus[];
  readonly submission: Submission | null;
  /** Whether the pool is, or will be, split equally; null while that is open. */
  readonly equal: boolean | null;
  readonly next: readonly NextStep[];
}

/** Looks a round up on its chain. @throws {WrongChainError}, {RoundError} for events that contradict the storage */
export async function roundStatus(connection: Connection, round: OpenedRound): Promise<RoundStatus> {
  if (connection.chainId !== round.chainId)
    throw new WrongChainError(connection.chainId, round.chainId, "the round is");
  const contract = new RewardsContract(connection.provider, round.rewards);
  const stored = await contract.round(round.roundId);
  const now = await chainTime(connection);
  const history = await roundHistory(connection, round, round.roundId);
  const { registrations, submission } = history;
  const isDecided = stored.state === "submitted" || stored.state === "equal" || stored.state === "swept";
  const weights = isDecided ? weightsOfRound(stored, history) : null;
  const providers = await Promise.all(
    registrations.map(async ({ slot, payee, commitment }) => ({
      ...{ slot, payee, commitment },
      value: submission?.result.values[slot] ?? null,
      earned: weights === null ? null : earnedBy(stored, weights, slot),
      paid: (await contract.provider(round.roundId, payee)).paid,
    })),
  );
  const status = { stored, now, providers, submission, equal: weights?.equal ?? null };
  return { ...status, ...roundWindow(round, stored, now), next: nextSteps(round, status) };
}

/** The window in which a round is. @param now unix seconds, the chain's clock */
export function roundWindow(
  { terms }: Pick<OpenedRound, "terms">,
  { state, providers }: Pick<Round, "state" | "providers">,
  now: number,
): Pick<RoundStatus, "window" | "deadline"> {
  const { registrationUntil, submissionUntil, claimUntil } = terms;
  switch (state) {
    case "none":
      return { window: "not opened", deadline: null };
    case "refunded":
      return { window: "over: nobody was accepted", deadline: null };
    case "swept":
      return { window: "over: the owner has taken what was left", deadline: null };
    case "open":
      if (now <= registrationUntil) {
        return { window: "registration", deadline: { at: registrationUntil, what: "registration ends" } };
      }
      if (providers === 0) return { window: "to be settled: nobody registered", deadline: null };
      if (now <= submissionUntil) {
        return { window: "submission", deadline: { at: submissionUntil, what: "submission ends" } };
      }
      break;
    case "submitted":
    case "equal":
      break;
  }
  if (now > claimUntil) return { window: "after the claims", deadline: null };
  const deadline = { at: claimUntil, what: "claims end" };
  return state === "open" ? { window: "to be settled: no proof came", deadline } : { window: "claims", deadline };
}

function nextSteps(
  { terms, shape }: OpenedRound,
  { stored, now, providers }: Pick<RoundStatus, "stored" | "now" | "providers">,
): NextStep[] {
  const fund: NextStep = { who: "anyone", what: "fund the pool (`zkcmp round fund`)" };
  const sweep: NextStep = { who: "owner", what: "take what is left (`zkcmp round sweep`)" };
  switch (stored.state) {
    case "none":
      return [{ who: "owner", what: "open the round (`zkcmp round open`)" }];
    case "refunded":
      return [sweep];
    case "swept":
      return [];
    case "open":
      if (now <= terms.registrationUntil) {
        const free = shape.providers - stored.providers;
        const register: NextStep[] =
          free === 0
            ? []
            : [
                {
                  who: "provider",
                  what: "commit to rows and send the disclosure to the owner (`zkcmp round samples`)",
                },
                { who: "owner", what: "check disclosures and give receipts (`zkcmp round accept`)" },
                {
                  who: "provider",
                  what: `register with the receipt (\`zkcmp round register\`), ${free} of ${shape.providers} slots are free`,
                },
              ];
        return [...register, stored.providers > 0 ? fund : { ...fund, who: "owner" }];
      }
      if (stored.providers === 0) return [{ who: "anyone", what: "settle the round (`zkcmp round settle`)" }];
      if (now <= terms.submissionUntil) {
        return [
          { who: "owner", what: "prove the values (`zkcmp round prove`)" },
          { who: "anyone", what: "submit the proof (`zkcmp round submit`)" },
          fund,
        ];
      }
      if (now > terms.claimUntil) return [sweep];
      return [{ who: "anyone", what: "settle the round, the pool is split equally (`zkcmp round settle`)" }, fund];
    case "submitted":
    case "equal": {
      if (now > terms.claimUntil) return [sweep];
      const waiting = providers.filter(({ earned, paid }) => (earned ?? 0n) > paid).length;
      const claim: NextStep[] =
        waiting === 0
          ? []
          : [
              {
                who: "provider",
                what: `claim (\`zkcmp round claim\`), ${waiting} of ${providers.length} have something to claim`,
              },
            ];
      return [...claim, fund, { who: "anyone", what: "forward what sales have set aside (`zkcmp round forward`)" }];
    }
  }
}
