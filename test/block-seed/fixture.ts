import { AbiCoder, id, keccak256, ZeroAddress, ZeroHash } from "ethers";
import hre from "hardhat";
import type { IShapleyRewards } from "../../types/ethers-contracts/contracts/interfaces/IShapleyRewards.js";
import type {} from "../../types/ethers-contracts/hardhat.d.ts";
import type { BlockSeed, MoodyRewards } from "../../types/ethers-contracts/index.js";

/** One embedded chain for all tests of seeds; each test starts from a snapshot. */
export const { ethers, networkHelpers } = await hre.network.create();

export const BLOCKS_AHEAD = 96n;
export const HASHES_SHOWN = 256n;
export const ROUND = 2n ** 160n - 7n;

export interface SeedWorld {
  readonly blockSeed: BlockSeed;
  readonly rewards: MoodyRewards;
  readonly registrationUntil: bigint;
}

/** A round in which providers may register for another day. */
export async function deploySeedWorld(): Promise<SeedWorld> {
  const blockSeed = await ethers.deployContract("BlockSeed");
  const rewards = await ethers.deployContract("MoodyRewards");
  const registrationUntil = BigInt((await networkHelpers.time.latest()) + 86_400);
  await showRound(rewards, { registrationUntil });
  return { blockSeed, rewards, registrationUntil };
}

/** The same after the registration. */
export async function closedWorld(): Promise<SeedWorld> {
  const world = await deploySeedWorld();
  await networkHelpers.time.increaseTo(world.registrationUntil + 1n);
  return world;
}

/** The same with a fixed block. */
export async function armedWorld(): Promise<SeedWorld & { readonly seedBlock: bigint }> {
  const world = await closedWorld();
  await world.blockSeed.arm(world.rewards, ROUND);
  return { ...world, seedBlock: await world.blockSeed.seedBlockOf(world.rewards, ROUND) };
}

export async function showRound(
  rewards: MoodyRewards,
  changes: Partial<IShapleyRewards.RoundStruct>,
  round = ROUND,
): Promise<void> {
  await rewards.setRound(round, {
    owner: ZeroAddress,
    registrationUntil: 0n,
    state: 1n,
    providers: 1n,
    ridgeBits: 0n,
    token: ZeroAddress,
    submissionUntil: 0n,
    pool: 0n,
    claimed: 0n,
    totalWeight: 0n,
    slack: 0n,
    claimUntil: 0n,
    validationCommitment: 0n,
    registry: 0n,
    resultDigest: ZeroHash,
    ...changes,
  });
}

/** Mines blocks so that the next transaction is in the block of this number. */
export async function mineUpTo(next: bigint): Promise<void> {
  await networkHelpers.mineUpTo(next - 1n);
}

/** The seed as the specification has it, without the contract. */
export async function seedByFormula(rewards: string, round: bigint, seedBlock: bigint): Promise<string> {
  const { chainId } = await ethers.provider.getNetwork();
  const { hash } = (await ethers.provider.getBlock(Number(seedBlock)))!;
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ["bytes32", "uint256", "address", "uint256", "bytes32"],
      [id("zkcmp/block-seed/v1"), chainId, rewards, round, hash],
    ),
  );
}
