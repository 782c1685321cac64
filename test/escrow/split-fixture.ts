import { keccak256, ZeroHash } from "ethers";
import type { IModelEscrow } from "../../types/ethers-contracts/contracts/ModelEscrow.js";
import type { IShapleyRewards } from "../../types/ethers-contracts/contracts/interfaces/IShapleyRewards.js";
import type { MoodyRewards } from "../../types/ethers-contracts/index.js";
import {
  DAY,
  type DealWorld,
  deployWorld,
  ETHER,
  ethers,
  makeTerms,
  PRICE,
  type Terms,
  type World,
} from "./fixture.ts";

/** The values of the rewards contract's enum State. */
export const RoundState = { None: 0n, Open: 1n, Submitted: 2n, Equal: 3n, Refunded: 4n, Swept: 5n } as const;

/** The values of the test double's enum MoodyRewards.Mood: what happens when money arrives. */
export const FundMood = {
  Take: 0n,
  TakeLess: 1n,
  TakeNothing: 2n,
  GiveBack: 3n,
  Reject: 4n,
  Burn: 5n,
  Bomb: 6n,
  FailBomb: 7n,
  Reenter: 8n,
} as const;

/** The values of the test double's enum MoodyRewards.View: how a round is shown. */
export const RoundView = { True: 0n, Fail: 1n, Nothing: 2n, Short: 3n, Wild: 4n, Burn: 5n } as const;

export const ROUND = 2n ** 160n - 7n;
export const SHARE = 1_250n;
/** 12.5 % of the price. */
export const REWARD = PRICE / 8n;
export const MIN_TIME_TO_CLAIM = 30 * DAY;

export type Split = IModelEscrow.SplitStruct & { basisPoints: bigint; round: bigint };

/** A world with a rewards contract in which one round is open. */
export interface SplitWorld extends World {
  readonly rewards: MoodyRewards;
  readonly split: Split;
}

export async function codeHashOf(contract: { getAddress(): Promise<string> } | string): Promise<string> {
  return keccak256(await ethers.provider.getCode(contract));
}

/** An open round of one provider, with time enough for deals with good terms. */
export async function showRound(
  rewards: MoodyRewards,
  changes: Partial<IShapleyRewards.RoundStruct> = {},
  round = ROUND,
): Promise<void> {
  const claimUntil = BigInt((await ethers.provider.getBlock("latest"))!.timestamp + 60 * DAY);
  await rewards.setRound(round, {
    ...NO_ROUND,
    state: RoundState.Open,
    providers: 1n,
    claimUntil,
    ...changes,
  });
}

export async function deploySplitWorld(): Promise<SplitWorld> {
  const world = await deployWorld();
  const rewards = await ethers.deployContract("MoodyRewards");
  await showRound(rewards);
  const split = {
    rewards: await rewards.getAddress(),
    round: ROUND,
    basisPoints: SHARE,
    codeHash: await codeHashOf(rewards),
  };
  return { ...world, rewards, split };
}

/** The same, with a round in the good token. */
export async function deployTokenSplitWorld(): Promise<SplitWorld> {
  const world = await deploySplitWorld();
  await showRound(world.rewards, { token: await world.token.getAddress() });
  return world;
}

export type SplitDeal = SplitWorld & DealWorld;

/** A funded deal with a split; in the round's token. */
export async function fundSplitDeal(world: SplitWorld, changes: Partial<Terms> = {}): Promise<SplitDeal> {
  const { token } = await world.rewards.round(ROUND);
  const terms = await makeTerms(world, { token, split: world.split, ...changes });
  const { escrow, seller, buyer } = world;
  const dealId = await escrow.dealIdOf(seller, terms);
  await escrow.connect(seller).offer(terms);
  await escrow.connect(buyer).fund(dealId, { value: terms.token === ETHER ? terms.price : 0n });
  return { ...world, terms, dealId };
}

const NO_ROUND: IShapleyRewards.RoundStruct = {
  owner: ETHER,
  registrationUntil: 0n,
  state: RoundState.None,
  providers: 0n,
  ridgeBits: 0n,
  token: ETHER,
  submissionUntil: 0n,
  claimUntil: 0n,
  validationCommitment: 0n,
  registry: 0n,
  pool: 0n,
  claimed: 0n,
  resultDigest: ZeroHash,
  totalWeight: 0n,
  slack: 0n,
};
