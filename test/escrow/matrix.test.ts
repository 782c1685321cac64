import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import {
  deployWorld,
  ETHER,
  fundDeal,
  HOUR,
  networkHelpers,
  nextTimestamp,
  offerDeal,
  OPENING,
  refundableFrom,
  signPermit,
  State,
  valueOf,
  type DealWorld,
  type StateName,
} from "./fixture.ts";

/** Every state x caller x time for every function that works on a deal, in ether and in tokens. */

const callers = ["seller", "buyer", "stranger"] as const;
type Caller = (typeof callers)[number];

const assets = ["ether", "token"] as const;
type Asset = (typeof assets)[number];

type Action = "cancel" | "fund" | "fundWithPermit" | "redeem" | "refund";

/** The instants around both time comparisons of the contract: t - 1, t and t + 1. */
interface Instant {
  readonly around: "fundableUntil" | "refundableFrom";
  readonly shift: -1 | 0 | 1;
}

const shifts = [-1, 0, 1] as const;
const aroundFundableUntil: readonly Instant[] = shifts.map((shift) => ({ around: "fundableUntil", shift }));
const aroundRefundableFrom: readonly Instant[] = shifts.map((shift) => ({ around: "refundableFrom", shift }));

/** `refundableFrom` exists in funded deals only, and a refunded one has left it behind. */
const instants: Record<StateName, readonly Instant[]> = {
  None: aroundFundableUntil,
  Offered: aroundFundableUntil,
  Funded: [...aroundRefundableFrom, ...aroundFundableUntil],
  Redeemed: [...aroundRefundableFrom, ...aroundFundableUntil],
  Refunded: aroundFundableUntil,
  Cancelled: aroundFundableUntil,
};

/** What the specification says of a call: the state it leads to, or the error it reverts with. */
function expected(action: Action, asset: Asset, state: StateName, caller: Caller, instant: Instant): StateName | Error {
  const needed: StateName = action === "redeem" || action === "refund" ? "Funded" : "Offered";
  if (state !== needed) return new Error("WrongState");
  switch (action) {
    case "cancel":
      return caller === "seller" ? "Cancelled" : new Error("UnauthorizedCaller");
    case "fund":
    case "fundWithPermit":
      if (caller !== "buyer") return new Error("UnauthorizedCaller");
      if (instant.shift > 0) return new Error("FundingClosed");
      return action === "fundWithPermit" && asset === "ether" ? new Error("PermitWithoutToken") : "Funded";
    case "redeem":
      return "Redeemed";
    case "refund":
      if (caller !== "buyer") return new Error("UnauthorizedCaller");
      return instant.around === "refundableFrom" && instant.shift < 0 ? new Error("NotRefundableYet") : "Refunded";
  }
}

async function perform(world: DealWorld, action: Action, caller: Caller): Promise<ContractTransactionResponse> {
  const escrow = world.escrow.connect(world[caller]);
  switch (action) {
    case "cancel":
      return escrow.cancel(world.dealId);
    case "fund":
      return escrow.fund(world.dealId, { value: valueOf(world.terms) });
    case "fundWithPermit": {
      const deadline = world.terms.fundableUntil + BigInt(HOUR);
      const { v, r, s } = await signPermit(world, world[caller], world.terms.price, deadline);
      return escrow.fundWithPermit(world.dealId, deadline, v, r, s);
    }
    case "redeem":
      return escrow.redeem(world.dealId, OPENING.key, OPENING.opening);
    case "refund":
      return escrow.refund(world.dealId);
  }
}

/** Snapshots of a deal in each state; `loadFixture` knows them by the function's identity. */
function fixtures(asset: Asset): Record<StateName, () => Promise<DealWorld>> {
  const world = async () => {
    const deployed = await deployWorld();
    return { deployed, changes: asset === "token" ? { token: await deployed.token.getAddress() } : { token: ETHER } };
  };
  const offered = async () => {
    const { deployed, changes } = await world();
    return offerDeal(deployed, changes);
  };
  const funded = async () => {
    const { deployed, changes } = await world();
    return fundDeal(deployed, changes);
  };
  const none = async () => {
    const deal = await offered();
    return { ...deal, dealId: deal.dealId + 1n };
  };
  const redeemed = async () => {
    const deal = await funded();
    await perform(deal, "redeem", "stranger");
    return deal;
  };
  const refunded = async () => {
    const deal = await funded();
    await networkHelpers.time.increaseTo(await refundableFrom(deal));
    await perform(deal, "refund", "buyer");
    return deal;
  };
  const cancelled = async () => {
    const deal = await offered();
    await perform(deal, "cancel", "seller");
    return deal;
  };
  return {
    None: none,
    Offered: offered,
    Funded: funded,
    Redeemed: redeemed,
    Refunded: refunded,
    Cancelled: cancelled,
  };
}

for (const asset of assets) {
  const fixtureOf = fixtures(asset);
  describe(`ModelEscrow, every state x caller x time, in ${asset}`, () => {
    for (const action of ["cancel", "fund", "fundWithPermit", "redeem", "refund"] as const) {
      for (const state of Object.keys(State) as StateName[]) {
        for (const caller of callers) {
          for (const instant of instants[state]) {
            const outcome = expected(action, asset, state, caller, instant);
            const text = outcome instanceof Error ? `reverts with ${outcome.message}` : `leads to ${outcome}`;
            const time = `${instant.around}${["-1", "", "+1"][instant.shift + 1]}`;

            it(`${action} of a deal in ${state} by the ${caller} at ${time} ${text}`, async () => {
              const deal = await networkHelpers.loadFixture(fixtureOf[state]);
              const centre = instant.around === "fundableUntil" ? deal.terms.fundableUntil : await refundableFrom(deal);
              await nextTimestamp(centre + BigInt(instant.shift));

              if (outcome instanceof Error) {
                await expect(perform(deal, action, caller)).to.be.revertedWithCustomError(deal.escrow, outcome.message);
                expect(await deal.escrow.stateOf(deal.dealId)).to.equal(State[state]);
              } else {
                await perform(deal, action, caller);
                expect(await deal.escrow.stateOf(deal.dealId)).to.equal(State[outcome]);
              }
            });
          }
        }
      }
    }
  });
}
