import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import {
  commitmentOf,
  DAY,
  ETHER,
  fundRound,
  goodValues,
  makeConsent,
  networkHelpers,
  nextTimestamp,
  NO_RESULT,
  openRound,
  POOL,
  proofOf,
  registeredRound,
  resultOf,
  settleRound,
  signReceipt,
  standardWorld,
  State,
  stateOf,
  submitRound,
  type RoundResult,
  type RoundWorld,
} from "./fixture.ts";
import type { Words8 } from "./trapdoor-key.ts";

/** Every state x caller x time for every function that works on a round, in ether and in tokens. */

const callers = ["owner", "provider", "stranger"] as const;
type Caller = (typeof callers)[number];

/** Where a round stands. `Empty` is Open without a provider, `Missed` and `Small` are the two ways to Equal. */
const situations = ["None", "Empty", "Open", "Submitted", "Missed", "Small", "Refunded", "Swept"] as const;
type Situation = (typeof situations)[number];

const actions = ["register", "registerFor", "fund", "submit", "settleMissed", "claim", "claimFor", "sweep"] as const;
type Action = (typeof actions)[number];

type Boundary = "registrationUntil" | "submissionUntil" | "claimUntil";

/** The instants around the time comparisons of the contract: t - 1, t and t + 1. */
interface Instant {
  readonly around: Boundary;
  readonly shift: -1 | 0 | 1;
}

const around = (boundary: Boundary): Instant[] => ([-1, 0, 1] as const).map((shift) => ({ around: boundary, shift }));
const later = [...around("submissionUntil"), ...around("claimUntil")];
const all = [...around("registrationUntil"), ...later];

/** A situation that needs some time to arise has no earlier instants. */
const instants: Record<Situation, readonly Instant[]> = {
  None: all,
  Empty: all,
  Open: all,
  Submitted: later,
  Missed: around("claimUntil"),
  Small: later,
  Refunded: later,
  Swept: later,
};

/** What a successful call leads to. */
type Outcome = keyof typeof State | Error;

/** What the specification says of a call: the state it leads to, or the error it reverts with. */
function expected(action: Action, situation: Situation, caller: Caller, { around, shift }: Instant): Outcome {
  const boundaries: readonly Boundary[] = ["registrationUntil", "submissionUntil", "claimUntil"];
  const isAfter = (boundary: Boundary): boolean => {
    const order = boundaries.indexOf(around) - boundaries.indexOf(boundary);
    return order > 0 || (order === 0 && shift > 0);
  };
  const isOpen = situation === "Empty" || situation === "Open";
  const isSplit = situation === "Submitted" || situation === "Missed" || situation === "Small";
  const same = situation === "Submitted" ? "Submitted" : isSplit ? "Equal" : "Open";
  switch (action) {
    case "register":
    case "registerFor":
      if (!isOpen) return new Error("WrongState");
      if (isAfter("registrationUntil")) return new Error("RegistrationClosed");
      if (action === "register" && situation === "Open" && caller === "provider") return new Error("AlreadyRegistered");
      return "Open";
    case "fund":
      if (!isOpen && !isSplit) return new Error("WrongState");
      if (isAfter("claimUntil")) return new Error("ClaimsClosed");
      return situation === "Empty" && caller !== "owner" ? new Error("NobodyAccepted") : same;
    case "submit":
      if (!isOpen) return new Error("WrongState");
      if (!isAfter("registrationUntil")) return new Error("RegistrationOpen");
      if (isAfter("submissionUntil")) return new Error("SubmissionClosed");
      return situation === "Empty" ? new Error("NobodyAccepted") : "Submitted";
    case "settleMissed":
      if (!isOpen) return new Error("WrongState");
      if (situation === "Empty") return isAfter("registrationUntil") ? "Refunded" : new Error("RegistrationOpen");
      return isAfter("submissionUntil") ? "Equal" : new Error("SubmissionOpen");
    case "claim":
    case "claimFor":
      if (!isSplit) return new Error("WrongState");
      if (isAfter("claimUntil")) return new Error("ClaimsClosed");
      return action === "claim" && caller !== "provider" ? new Error("NotAccepted") : same;
    case "sweep":
      if (situation === "None" || situation === "Swept") return new Error("WrongState");
      if (caller !== "owner") return new Error("UnauthorizedCaller");
      return situation === "Refunded" || isAfter("claimUntil") ? "Swept" : new Error("ClaimsOpen");
  }
}

/** A round in some situation with all that the calls need, made beforehand because signing and proving take time. */
interface Prepared extends RoundWorld {
  readonly result: RoundResult;
  readonly proof: Words8;
  readonly receipts: Readonly<Record<Caller, string>>;
  readonly relayed: Awaited<ReturnType<typeof makeConsent>>;
}

function accountOf(round: RoundWorld, caller: Caller): HardhatEthersSigner {
  return caller === "provider" ? round.providers[0]! : round[caller];
}

async function prepare(round: RoundWorld, submitted: RoundResult | null): Promise<Prepared> {
  const receipt = (caller: Caller) => {
    const { address } = accountOf(round, caller);
    return signReceipt(round, round.owner, address, commitmentOf(address));
  };
  const proven = resultOf(goodValues(round));
  return {
    ...round,
    result: submitted ?? proven,
    proof: await proofOf(round, proven),
    receipts: {
      owner: await receipt("owner"),
      provider: await receipt("provider"),
      stranger: await receipt("stranger"),
    },
    relayed: await makeConsent(round, round.providers[5]!, { deadline: round.terms.claimUntil + DAY }),
  };
}

async function perform(round: Prepared, action: Action, caller: Caller): Promise<ContractTransactionResponse> {
  const account = accountOf(round, caller);
  const rewards = round.rewards.connect(account);
  const { roundId, result, proof, relayed } = round;
  switch (action) {
    case "register":
      return rewards.register(roundId, commitmentOf(account.address), round.receipts[caller]);
    case "registerFor":
      return rewards.registerFor(roundId, relayed.consent, relayed.consentSignature, relayed.receipt);
    case "fund":
      return fundRound(round, POOL, account);
    case "submit":
      return rewards.submit(roundId, proof, result);
    case "settleMissed":
      return rewards.settleMissed(roundId);
    case "claim":
      return rewards.claim(roundId, result, account);
    case "claimFor":
      return rewards.claimFor(roundId, result, round.providers[0]!);
    case "sweep":
      return rewards.sweep(roundId, account);
  }
}

/** A round in each situation, with a pool and, if any, two providers. */
async function roundIn(situation: Situation, inTokens: boolean): Promise<Prepared> {
  const world = await standardWorld();
  const changes = { token: inTokens ? await world.token.getAddress() : ETHER };
  if (situation === "None") {
    const round = await openRound(world, changes);
    return prepare({ ...round, roundId: round.roundId + 1n }, null);
  }
  const isEmpty = situation === "Empty" || situation === "Refunded" || situation === "Swept";
  const round = await registeredRound(world, isEmpty ? 0 : 2, changes);
  await fundRound(round);
  let submitted: RoundResult | null = null;
  if (situation === "Submitted") submitted = await submitRound(round, goodValues(round));
  if (situation === "Small") submitted = await submitRound(round, [1n, 2n]);
  if (situation === "Missed") submitted = NO_RESULT;
  if (situation === "Missed" || situation === "Refunded" || situation === "Swept") await settleRound(round);
  if (situation === "Swept") await round.rewards.connect(round.owner).sweep(round.roundId, round.owner);
  return prepare(round, submitted);
}

/** `loadFixture` knows a snapshot by the identity of a function that has a name. */
function fixtures(inTokens: boolean): Record<Situation, () => Promise<Prepared>> {
  const entries = situations.map((situation) => {
    const fixture = () => roundIn(situation, inTokens);
    return [situation, fixture];
  });
  return Object.fromEntries(entries) as Record<Situation, () => Promise<Prepared>>;
}

for (const asset of ["ether", "tokens"] as const) {
  const fixtureOf = fixtures(asset === "tokens");
  // Only these three move coins.
  const tried = asset === "ether" ? actions : (["fund", "claim", "sweep"] as const);
  describe(`ShapleyRewards, every state x caller x time, in ${asset}`, () => {
    for (const situation of situations) {
      for (const action of tried) {
        for (const caller of callers) {
          for (const instant of instants[situation]) {
            const outcome = expected(action, situation, caller, instant);
            const text = outcome instanceof Error ? `reverts with ${outcome.message}` : `leads to ${outcome}`;
            const time = `${instant.around}${["-1", "", "+1"][instant.shift + 1]}`;

            it(`${action} of a round in ${situation} by the ${caller} at ${time} ${text}`, async () => {
              const round = await networkHelpers.loadFixture(fixtureOf[situation]);
              const before = await round.rewards.round(round.roundId);
              await nextTimestamp(round.terms[instant.around] + BigInt(instant.shift));

              if (outcome instanceof Error) {
                const call = perform(round, action, caller);
                await expect(call).to.be.revertedWithCustomError(round.rewards, outcome.message);
                expect(await round.rewards.round(round.roundId)).to.deep.equal(before);
                return;
              }
              await perform(round, action, caller);
              expect(await stateOf(round)).to.equal(State[outcome]);
              // Nobody moves a deadline, whatever else is done.
              const after = await round.rewards.round(round.roundId);
              for (const boundary of ["registrationUntil", "submissionUntil", "claimUntil"] as const) {
                expect(after[boundary]).to.equal(before[boundary]);
              }
            });
          }
        }
      }
    }
  });
}
