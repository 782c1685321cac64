import { rm } from "node:fs/promises";
import { join } from "node:path";
import { developmentKey } from "@zkcmp/groth16/circuit-key";
import { findTrustedKey } from "@zkcmp/groth16/trust-store";
import { ETHER } from "@zkcmp/sale/order";
import type { Address } from "@zkcmp/sale/order";
import { roundCircuit } from "@zkcmp/shapley/round-circuit";
import type { RoundShape } from "@zkcmp/shapley/round-shape";
import type { SampleEncoding } from "@zkcmp/shapley/sample-encoding";
import type { Samples } from "@zkcmp/shapley/samples";
import { Journal } from "../../src/journal.ts";
import { startLocalChain } from "../../src/local-chain.ts";
import type { Connection } from "../../src/network-connection.ts";
import { acceptDisclosure } from "../../src/rounds/accept.ts";
import { commitContribution } from "../../src/rounds/commit-samples.ts";
import { openRound, type RoundProposal } from "../../src/rounds/open.ts";
import { proveRound, type ProvenRound } from "../../src/rounds/prove.ts";
import { registerContribution } from "../../src/rounds/register.ts";
import { deployRewards } from "../../src/rounds/rewards-deployment.ts";
import type { RoundFile } from "../../src/rounds/round-file.ts";
import type { Disclosure, ReceiptMessage } from "../../src/rounds/round-message.ts";
import { walletAddress } from "../../src/account.ts";
import { accountAt, connectionTo, DAY, HOUR, type KeyParty, temporaryFolder, TestNode } from "../fixture.ts";

/** Small enough that circuit, key and proof take seconds. */
export const SHAPE: RoundShape = {
  ...{ providers: 3, rows: 8, features: 1, outputs: 1 },
  ...{ dataBits: 8, fractionBits: 36, integerBits: 6, validationRows: 8 },
};

export const RIDGE_BITS = 12;

export const ENCODING: SampleEncoding = {
  dataBits: 8,
  features: [{ name: "x", offset: 0, scale: 1 }],
  target: { kind: "regression", name: "y", offset: 0, scale: 1 },
};

/** y = x, with some noise that is a share of the signal; a negative slope teaches the wrong thing. */
export function samples(rows: number, seed: number, slope = 1, noise = 3): Samples {
  let state = seed;
  const next = (): number => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8) / 2 ** 24;
  return {
    rows: Array.from({ length: rows }, () => {
      const x = Math.round(200 * (next() - 0.5));
      const y = Math.round(slope * x + noise * (next() - 0.5));
      return Uint16Array.of(128 + x, 128 + Math.max(-128, Math.min(127, y)));
    }),
  };
}

/** The rows of the three providers: good ones, fewer good ones, and wrong ones. */
export const PROVIDER_SAMPLES: readonly Samples[] = [samples(8, 1), samples(3, 2), samples(4, 3, -1)];

/** A chain with a rewards contract under a development key, an owner, three providers and a stranger. */
export interface RoundWorld {
  readonly node: TestNode;
  readonly connection: Connection;
  readonly rewards: Address;
  readonly trustStore: string;
  readonly zkeyPath: string;
  readonly owner: KeyParty;
  readonly providers: readonly [KeyParty, KeyParty, KeyParty];
  readonly stranger: KeyParty;
  /** Where the homes of all parties are. */
  readonly folder: string;
  close(): Promise<void>;
}

export async function openRoundWorld(chainId = 31337, shape = SHAPE): Promise<RoundWorld> {
  const node = new TestNode(await startLocalChain(chainId, Math.floor(Date.now() / 1000)));
  const connection = connectionTo(node, chainId);
  const folder = await temporaryFolder();
  const trustStore = join(folder, "trusted-keys.json");
  const { zkeyPath, zkeySha256 } = await developmentKey(roundCircuit(shape), trustStore);
  const { verificationKey } = await findTrustedKey(trustStore, zkeySha256.slice(2), { development: true });
  const { rewards } = await deployRewards(connection, accountAt(9), verificationKey, shape);
  return {
    ...{ node, connection, rewards, trustStore, zkeyPath },
    ...partiesIn(connection, folder),
    close: async () => {
      await connection.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** The parties with homes in a folder. */
export function partiesIn(
  connection: Connection,
  folder: string,
  open: (home: string) => Journal = (home) => new Journal(home),
): Pick<RoundWorld, "owner" | "providers" | "stranger" | "folder"> {
  const party = (name: string, account: number): KeyParty => {
    return { connection, wallet: accountAt(account), journal: open(join(folder, name)) };
  };
  return {
    owner: party("owner", 1),
    providers: [party("first", 2), party("second", 3), party("third", 4)],
    stranger: party("stranger", 5),
    folder,
  };
}

/** The same chain, with new homes for everybody. */
export async function newParties(world: RoundWorld): Promise<RoundWorld> {
  const folder = await temporaryFolder();
  return { ...world, ...partiesIn(world.connection, folder), close: () => rm(folder, { recursive: true }) };
}

export function proposal(world: RoundWorld, changes: Partial<RoundProposal> = {}): RoundProposal {
  return {
    rewards: world.rewards,
    shape: SHAPE,
    encoding: ENCODING,
    validation: samples(8, 9),
    token: ETHER,
    ridgeBits: RIDGE_BITS,
    registration: HOUR,
    submission: DAY,
    claims: 30 * DAY,
    label: "",
    ...changes,
  };
}

export async function open(world: RoundWorld, changes: Partial<RoundProposal> = {}): Promise<RoundFile> {
  return (await openRound(world.owner, proposal(world, changes), world.trustStore)).round;
}

/** The disclosure of a provider, by its number. */
export async function disclose(world: RoundWorld, round: RoundFile, index: number): Promise<Disclosure> {
  const { connection, trustStore, providers } = world;
  const { wallet, journal } = providers[index]!;
  const rows = PROVIDER_SAMPLES[index]!;
  const payee = walletAddress(wallet);
  return (await commitContribution(connection, journal, round, payee, rows, trustStore)).disclosure;
}

/** Disclosure and receipt. */
export async function accept(world: RoundWorld, round: RoundFile, index: number): Promise<ReceiptMessage> {
  return (await acceptDisclosure(world.owner, await disclose(world, round, index))).message;
}

/** Registers providers by transactions of their own. */
export async function register(world: RoundWorld, round: RoundFile, indices = [0, 1, 2]): Promise<void> {
  for (const index of indices) {
    const receipt = await accept(world, round, index);
    await registerContribution(world.providers[index]!, round, receipt, world.trustStore);
  }
}

export async function prove(world: RoundWorld, { roundId }: RoundFile): Promise<ProvenRound> {
  const { connection, owner, trustStore, zkeyPath } = world;
  return proveRound(connection, owner.journal, roundId, trustStore, { zkeyPath });
}
