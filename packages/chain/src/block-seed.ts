import { Interface, type JsonRpcApiProvider } from "ethers";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import type { Account } from "./account.ts";
import { BLOCK_SEED_ABI } from "./block-seed-abi.ts";
import { BLOCK_SEED_CODE } from "./block-seed-code.ts";
import { create2Address, deployDeterministically } from "./deterministic-deployment.ts";
import type { Connection } from "./network-connection.ts";

const seedInterface = new Interface(BLOCK_SEED_ABI);

/** The address of BlockSeed on every chain where it was deployed with {@link deployBlockSeed}: it hashes the code. */
export const BLOCK_SEED_ADDRESS: Address = create2Address(BLOCK_SEED_CODE.creation);

/**
 * Deploys BlockSeed, unless it is there already.
 * @throws {OutOfFundsError}, {TransactionError}, {NodeError}
 */
export async function deployBlockSeed(connection: Connection, wallet: Account): Promise<Address> {
  await deployDeterministically(connection, wallet, [BLOCK_SEED_CODE.creation]);
  return BLOCK_SEED_ADDRESS;
}

/**
 * A round's public seed, for `sampleValues` of @zkcmp/shapley/permutation-sampling.
 * @returns 32 bytes; null until the seed is drawn
 * @throws {RpcError}
 */
export async function drawnSeed(provider: JsonRpcApiProvider, rewards: Address, roundId: bigint): Promise<Hex | null> {
  const seed = (await read(provider, "seedOf", rewards, roundId)) as Hex;
  return BigInt(seed) === 0n ? null : seed;
}

/** The number of the block whose hash makes a round's seed; null until it is fixed. @throws {RpcError} */
export async function seedBlock(
  provider: JsonRpcApiProvider,
  rewards: Address,
  roundId: bigint,
): Promise<bigint | null> {
  const block = (await read(provider, "seedBlockOf", rewards, roundId)) as bigint;
  return block === 0n ? null : block;
}

/** Call data of BlockSeed's writes; anyone may send them. */
export const blockSeedCalls = {
  arm: (rewards: Address, roundId: bigint) => seedInterface.encodeFunctionData("arm", [rewards, roundId]) as Hex,
  draw: (rewards: Address, roundId: bigint) => seedInterface.encodeFunctionData("draw", [rewards, roundId]) as Hex,
} as const;

async function read(provider: JsonRpcApiProvider, name: string, rewards: Address, roundId: bigint): Promise<unknown> {
  const data = seedInterface.encodeFunctionData(name, [rewards, roundId]);
  const answer = (await provider.send("eth_call", [{ to: BLOCK_SEED_ADDRESS, data }, "latest"])) as string;
  return seedInterface.decodeFunctionResult(name, answer)[0];
}
