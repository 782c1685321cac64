import { ZeroHash } from "ethers";
import type { ModelEscrow } from "../../types/ethers-contracts/contracts/ModelEscrow.js";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { ETHER, ethers, networkHelpers, type RoundWorld } from "../rewards/fixture.ts";
import { openingAt, PRICE, type Terms } from "./fixture.ts";

/** A sale whose price is shared with a round of the true rewards contract, on the chain of its tests. */
export interface RoundSale {
  readonly escrow: ModelEscrow;
  readonly seller: HardhatEthersSigner;
  readonly buyer: HardhatEthersSigner;
  readonly terms: Terms;
  readonly dealId: bigint;
  readonly key: bigint;
  readonly opening: bigint;
}

/** An eighth of the price goes to the round. */
const BASIS_POINTS = 1_250n;
export const REWARD = PRICE / 8n;

export async function deployEscrow(): Promise<ModelEscrow> {
  const poseidonT3 = await ethers.deployContract("PoseidonT3");
  return ethers.deployContract("ModelEscrow", { libraries: { PoseidonT3: await poseidonT3.getAddress() } });
}

/** Terms whose share goes to the round: fundable for 5 days, one day to redeem. The round's owner sells, a stranger buys. */
export async function planSale(
  round: RoundWorld,
  escrow: ModelEscrow,
  changes: Partial<Terms> = {},
): Promise<RoundSale> {
  const { rewards, roundId, owner: seller, stranger: buyer } = round;
  const { key, opening, keyCommitment } = openingAt(0);
  const terms: Terms = {
    buyer: buyer.address,
    token: round.terms.token,
    price: PRICE,
    fundableUntil: BigInt((await networkHelpers.time.latest()) + 5 * 86_400),
    timeToRedeem: 86_400n,
    keyCommitment,
    core: 1n,
    orderHash: ZeroHash,
    split: {
      rewards: await rewards.getAddress(),
      round: roundId,
      basisPoints: BASIS_POINTS,
      codeHash: ethers.keccak256(await ethers.provider.getCode(rewards)),
    },
    ...changes,
  };
  return { escrow, seller, buyer, terms, dealId: await escrow.dealIdOf(seller, terms), key, opening };
}

export async function offerAndFund({ escrow, seller, buyer, terms, dealId }: RoundSale): Promise<void> {
  await escrow.connect(seller).offer(terms);
  await escrow.connect(buyer).fund(dealId, { value: terms.token === ETHER ? terms.price : 0n });
}
