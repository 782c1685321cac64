import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type EmbeddedChain, openEmbeddedChain } from "@zkcmp/chain/embedded-chain";
import { Journal } from "@zkcmp/chain/journal";
import { chainTime } from "@zkcmp/chain/network-connection";
import type { Party } from "@zkcmp/chain/party";
import { acceptDisclosure } from "@zkcmp/chain/rounds/accept";
import { claimReward } from "@zkcmp/chain/rounds/claim";
import { commitContribution } from "@zkcmp/chain/rounds/commit-samples";
import { fundRound } from "@zkcmp/chain/rounds/fund";
import { openRound } from "@zkcmp/chain/rounds/open";
import { type ProvenRound, proveRound } from "@zkcmp/chain/rounds/prove";
import { registerContribution, relayConsent, signConsent } from "@zkcmp/chain/rounds/register";
import { deployRewards } from "@zkcmp/chain/rounds/rewards-deployment";
import type { RoundFile } from "@zkcmp/chain/rounds/round-file";
import type { ReceiptMessage } from "@zkcmp/chain/rounds/round-message";
import { walletAddress } from "@zkcmp/chain/account";
import { developmentKey } from "@zkcmp/groth16/circuit-key";
import { findTrustedKey } from "@zkcmp/groth16/trust-store";
import { type Address, ETHER } from "@zkcmp/sale/order";
import type { Progress } from "@zkcmp/sale/proof-system";
import { roundCircuit } from "@zkcmp/shapley/round-circuit";
import type { Samples } from "@zkcmp/shapley/samples";
import { Wallet } from "ethers";
import { party } from "./market.ts";
import type { RoundScenario } from "./round-scenario.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** A provider with its rows; those who have no ether let somebody else register them. */
export interface RoundParty extends Party {
  readonly name: string;
  readonly samples: Samples;
  readonly isRelayed: boolean;
}

/** A chain with a rewards contract for the scenario's shape, and everybody who takes part. */
export interface RoundWorld {
  readonly chain: EmbeddedChain;
  readonly scenario: RoundScenario;
  readonly rewards: Address;
  readonly trustStore: string;
  readonly zkeyPath: string;
  /** Opens the rounds, trains, sells the model. */
  readonly owner: Party;
  readonly providers: readonly RoundParty[];
  /** Anyone with ether. */
  readonly stranger: Party;
}

/** Accounts of the development mnemonic. */
export const ACCOUNTS = { owner: 0, stranger: 1, buyer: 2, firstProvider: 3 } as const;

/** Makes chain, development key and rewards contract. */
export async function openRoundWorld(
  folder: string,
  scenario: RoundScenario,
  progress: Progress = () => undefined,
): Promise<RoundWorld> {
  const chain = await openEmbeddedChain(join(folder, "chain"));
  const trustStore = join(folder, "trusted-keys.json");
  const circuit = roundCircuit(scenario.shape);
  const { zkeyPath, zkeySha256 } = await developmentKey(circuit, trustStore, { progress });
  const { verificationKey } = await findTrustedKey(trustStore, zkeySha256.slice(2), { development: true });
  const owner = await party(chain, join(folder, "owner"), ACCOUNTS.owner);
  const { rewards } = await deployRewards(chain, owner.wallet, verificationKey, scenario.shape);
  const providers: RoundParty[] = [];
  for (const [index, { name, samples }] of scenario.providers.entries()) {
    const home = join(folder, `provider-${index}`);
    const isRelayed = index % 2 === 1;
    // Who lets others send the transactions needs no ether: any fresh account will do.
    const member = isRelayed
      ? await newcomer(chain, home)
      : await party(chain, home, ACCOUNTS.firstProvider + index / 2);
    providers.push({ ...member, name, samples, isRelayed });
  }
  const stranger = await party(chain, join(folder, "stranger"), ACCOUNTS.stranger);
  return { chain, scenario, rewards, trustStore, zkeyPath, owner, providers, stranger };
}

async function newcomer(connection: EmbeddedChain, home: string): Promise<Party> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  return { connection, wallet: Wallet.createRandom(), journal: new Journal(home) };
}

/** The owner opens a round; the label tells two of the same terms apart. */
export async function open(world: RoundWorld, label: string): Promise<{ round: RoundFile; gas: bigint }> {
  const { rewards, owner, trustStore, scenario } = world;
  const { shape, encoding, validation, ridgeBits } = scenario;
  const times = { registration: HOUR, submission: DAY, claims: 90 * DAY };
  const proposal = { rewards, shape, encoding, validation, token: ETHER, ridgeBits, ...times, label };
  const { round, transaction } = await openRound(owner, proposal, trustStore);
  return { round, gas: transaction.gasUsed };
}

/** A provider commits to its rows and opens them to the owner, who gives the receipt. */
export async function accept(world: RoundWorld, round: RoundFile, provider: RoundParty): Promise<ReceiptMessage> {
  const { chain, owner, trustStore } = world;
  const payee = walletAddress(provider.wallet);
  const { disclosure } = await commitContribution(chain, provider.journal, round, payee, provider.samples, trustStore);
  return (await acceptDisclosure(owner, disclosure)).message;
}

/** A provider joins by its own transaction, or by a signed consent that the stranger brings. */
export async function register(world: RoundWorld, round: RoundFile, provider: RoundParty): Promise<bigint> {
  const { stranger, trustStore } = world;
  const receipt = await accept(world, round, provider);
  const { transaction } = provider.isRelayed
    ? await relayConsent(stranger, round, await signConsent(provider, round, receipt, trustStore), trustStore)
    : await registerContribution(provider, round, receipt, trustStore);
  return transaction!.gasUsed;
}

/** The owner pays into the pool. */
export async function fund(world: RoundWorld, round: RoundFile, amount: bigint): Promise<bigint> {
  return (await fundRound(world.owner, round, { amount, name: "first" }, world.trustStore)).transaction.gasUsed;
}

/** Moves the chain's clock past a time of the round. */
export async function waitUntilAfter(chain: EmbeddedChain, time: number): Promise<void> {
  await chain.advanceTime(Math.max(1, time + 1 - (await chainTime(chain))));
}

/** The owner trains on all registered rows and proves it. */
export async function prove(world: RoundWorld, { roundId }: RoundFile, progress?: Progress): Promise<ProvenRound> {
  const { chain, owner, trustStore, zkeyPath } = world;
  return proveRound(chain, owner.journal, roundId, trustStore, { zkeyPath }, progress);
}

/** What a provider has been paid by its claims, and the gas of the last one. */
export interface Paid {
  /** Wei that this claim has paid. */
  readonly amount: bigint;
  readonly gas: bigint | null;
}

/** A provider claims; for those without ether the stranger does, and the provider is paid all the same. */
export async function claim(world: RoundWorld, round: RoundFile, provider: RoundParty): Promise<Paid> {
  const { stranger, trustStore } = world;
  const { amount, transaction } = provider.isRelayed
    ? await claimReward(stranger, round, { payee: walletAddress(provider.wallet) }, trustStore)
    : await claimReward(provider, round, {}, trustStore);
  return { amount, gas: amount === 0n ? null : transaction!.gasUsed };
}
