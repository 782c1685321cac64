import { FIELD_ORDER, toFieldElement } from "@zkcmp/field/element";
import { poseidon } from "@zkcmp/field/poseidon";
import { ZeroAddress, ZeroHash, type Result } from "ethers";
import hre from "hardhat";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { IModelEscrow, ModelEscrow } from "../../types/ethers-contracts/contracts/ModelEscrow.js";
import type {} from "../../types/ethers-contracts/hardhat.d.ts";
import type { MoodyAccount, PermitToken } from "../../types/ethers-contracts/index.js";

/** One embedded chain for all tests of the escrow; each test starts from a snapshot. */
export const { ethers, networkHelpers } = await hre.network.create();

export const ETHER = ZeroAddress;
export const PRICE = 10n ** 18n;
export const HOUR = 3_600;
export const DAY = 24 * HOUR;

/** The values of the contract's enum State. */
export const State = { None: 0n, Offered: 1n, Funded: 2n, Redeemed: 3n, Refunded: 4n, Cancelled: 5n } as const;
export type StateName = keyof typeof State;

/** The values of the test double's enum MoodyToken.Mood: how it answers a transfer. */
export const Mood = {
  True: 0n,
  Nothing: 1n,
  False: 2n,
  Two: 3n,
  Short: 4n,
  Lie: 5n,
  Fail: 6n,
  Burn: 7n,
  Bomb: 8n,
  FailBomb: 9n,
} as const;

/** The moods in which tokens really move and the answer says so. */
export const goodMoods: ReadonlySet<bigint> = new Set([Mood.True, Mood.Nothing, Mood.Bomb]);

/** A deal without a share for anybody. */
export const NO_SPLIT = { rewards: ZeroAddress, round: 0n, basisPoints: 0n, codeHash: ZeroHash };

export type Terms = IModelEscrow.TermsStruct & {
  price: bigint;
  fundableUntil: bigint;
  timeToRedeem: bigint;
  keyCommitment: bigint;
};

/** A key k and an opening d with their commitment E = Poseidon(k, d). */
export interface Opening {
  readonly key: bigint;
  readonly opening: bigint;
  readonly keyCommitment: bigint;
}

/** The `index`-th of a sequence of openings with large, different elements. */
export function openingAt(index: number): Opening {
  const key = poseidon([toFieldElement(BigInt(index)), toFieldElement(1n)]);
  const opening = poseidon([toFieldElement(BigInt(index)), toFieldElement(2n)]);
  return { key, opening, keyCommitment: poseidon([key, opening]) };
}

export const OPENING = openingAt(0);

export interface World {
  readonly escrow: ModelEscrow;
  readonly token: PermitToken;
  readonly seller: HardhatEthersSigner;
  readonly buyer: HardhatEthersSigner;
  readonly stranger: HardhatEthersSigner;
}

/** An escrow and a good token, of which buyer and stranger own a lot and have approved all. */
export async function deployWorld(): Promise<World> {
  const [, seller, buyer, stranger] = (await ethers.getSigners()) as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ];
  const poseidonT3 = await ethers.deployContract("PoseidonT3");
  const escrow = await ethers.deployContract("ModelEscrow", {
    libraries: { PoseidonT3: await poseidonT3.getAddress() },
  });
  const token = await ethers.deployContract("PermitToken");
  for (const owner of [buyer, stranger]) {
    await token.mint(owner, 1_000n * PRICE);
    await token.connect(owner).approve(escrow, 1_000n * PRICE);
  }
  return { escrow, token, seller, buyer, stranger };
}

/** Good terms, in ether unless told otherwise: fundable for 10 days, one day to redeem. */
export async function makeTerms(world: World, changes: Partial<Terms> = {}): Promise<Terms> {
  return {
    buyer: world.buyer.address,
    token: ETHER,
    price: PRICE,
    fundableUntil: BigInt((await networkHelpers.time.latest()) + 10 * DAY),
    timeToRedeem: BigInt(DAY),
    keyCommitment: OPENING.keyCommitment,
    core: FIELD_ORDER - 1n,
    orderHash: ethers.id("order"),
    split: NO_SPLIT,
    ...changes,
  };
}

/** A deal that stands in the chain, and all that a test wants to know of it. */
export interface DealWorld extends World {
  readonly terms: Terms;
  readonly dealId: bigint;
}

/** The seller's offer of good terms with some changes. */
export async function offerDeal(world: World, changes: Partial<Terms> = {}): Promise<DealWorld> {
  const terms = await makeTerms(world, changes);
  const dealId = await world.escrow.dealIdOf(world.seller, terms);
  await world.escrow.connect(world.seller).offer(terms);
  return { ...world, terms, dealId };
}

/** What is stored of a deal, by the names of the struct. */
export async function storedDeal({ escrow, dealId }: DealWorld): Promise<Record<string, unknown>> {
  return ((await escrow.deal(dealId)) as unknown as Result).toObject();
}

/** The value that has to go with `fund`. */
export function valueOf(terms: Terms): bigint {
  return terms.token === ETHER ? terms.price : 0n;
}

/** An offered deal that its buyer has funded. */
export async function fundDeal(world: World, changes: Partial<Terms> = {}): Promise<DealWorld> {
  const offered = await offerDeal(world, changes);
  await offered.escrow.connect(offered.buyer).fund(offered.dealId, { value: valueOf(offered.terms) });
  return offered;
}

/** A deal between two accounts with code, offered and funded. */
export async function fundDealOfAccounts(
  world: World,
  seller: MoodyAccount,
  buyer: MoodyAccount,
  changes: Partial<Terms> = {},
): Promise<DealWorld> {
  const terms = await makeTerms(world, { buyer: await buyer.getAddress(), ...changes });
  const { escrow } = world;
  const dealId = await escrow.dealIdOf(seller, terms);
  await seller.execute(escrow, escrow.interface.encodeFunctionData("offer", [terms]));
  await buyer.execute(escrow, escrow.interface.encodeFunctionData("fund", [dealId]), { value: valueOf(terms) });
  return { ...world, terms, dealId };
}

/** Makes the next transaction's block carry exactly this timestamp. */
export async function nextTimestamp(timestamp: bigint | number): Promise<void> {
  await networkHelpers.time.setNextBlockTimestamp(timestamp);
}

/** The first timestamp at which a funded deal's buyer may take a refund. */
export async function refundableFrom(world: DealWorld): Promise<bigint> {
  return (await world.escrow.deal(world.dealId)).refundableFrom;
}

/** An ERC-2612 permit of the price for the escrow, signed by `owner`. */
export async function signPermit(
  world: World,
  owner: HardhatEthersSigner,
  value: bigint,
  deadline: bigint,
): Promise<{ v: number; r: string; s: string }> {
  const { chainId } = await ethers.provider.getNetwork();
  const signature = await owner.signTypedData(
    { name: "Permit", version: "1", chainId, verifyingContract: await world.token.getAddress() },
    {
      Permit: [
        { name: "owner", type: "address" },
        { name: "spender", type: "address" },
        { name: "value", type: "uint256" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    },
    {
      owner: owner.address,
      spender: await world.escrow.getAddress(),
      value,
      nonce: await world.token.nonces(owner),
      deadline,
    },
  );
  const { v, r, s } = ethers.Signature.from(signature);
  return { v, r, s };
}

/** A signature that no account gave. */
export const NO_SIGNATURE = { v: 27, r: ZeroHash, s: ZeroHash };
