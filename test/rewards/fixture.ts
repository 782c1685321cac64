import { type FieldElement, toFieldElement } from "@zkcmp/field/element";
import { poseidon } from "@zkcmp/field/poseidon";
import type { RoundShape } from "@zkcmp/shapley/round-shape";
import { contextWord, registryOf } from "@zkcmp/shapley/sample-commitment";
import { valueWords } from "@zkcmp/shapley/shapley-values";
import { ZeroAddress, type ContractTransactionResponse, type Result as EthersResult } from "ethers";
import hre from "hardhat";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { IShapleyRewards, ShapleyRewards } from "../../types/ethers-contracts/contracts/ShapleyRewards.js";
import type {} from "../../types/ethers-contracts/hardhat.d.ts";
import type { PermitToken, RewardsVerifier } from "../../types/ethers-contracts/index.js";
import { proveWithTrapdoor, trapdoorKey, type Words8 } from "./trapdoor-key.ts";

/** One embedded chain for all tests of rewards; each test starts from a snapshot. */
export const { ethers, networkHelpers } = await hre.network.create();

export const ETHER = ZeroAddress;
export const POOL = 10n ** 18n;
export const DAY = 86_400n;

/** The values of the contract's enum State. */
export const State = { None: 0n, Open: 1n, Submitted: 2n, Equal: 3n, Refunded: 4n, Swept: 5n } as const;

/** Twelve slots, so that every test can have as many providers as it wants. */
export const SHAPE: RoundShape = {
  providers: 12,
  rows: 40,
  features: 1,
  outputs: 1,
  dataBits: 16,
  fractionBits: 36,
  integerBits: 6,
  validationRows: 100,
};

/** A ridge penalty with which {@link SHAPE} can be opened. */
export const RIDGE_BITS = 34;

export type Terms = IShapleyRewards.TermsStruct & {
  token: string;
  validationCommitment: bigint;
  registrationUntil: bigint;
  submissionUntil: bigint;
  claimUntil: bigint;
};

export interface RoundResult {
  readonly values: bigint[];
  readonly modelCommitment: bigint;
  readonly loss: bigint;
}

export interface Consent {
  readonly payee: string;
  readonly commitment: bigint;
  readonly nonce: bigint;
  readonly deadline: bigint;
}

export interface World {
  readonly rewards: ShapleyRewards;
  readonly verifier: RewardsVerifier;
  readonly token: PermitToken;
  readonly owner: HardhatEthersSigner;
  readonly stranger: HardhatEthersSigner;
  /** Sixteen accounts that may register. */
  readonly providers: readonly HardhatEthersSigner[];
}

/** A round that stands in the chain, and all that a test wants to know of it. */
export interface RoundWorld extends World {
  readonly terms: Terms;
  readonly roundId: bigint;
  readonly slack: bigint;
  /** Who has registered, with what. */
  readonly entries: { readonly payee: string; readonly commitment: FieldElement }[];
}

/** A contract with a verifier whose trapdoor is known, and a good token of which everybody has a lot and has approved all. */
export async function deployWorld(shape: RoundShape = SHAPE): Promise<World> {
  const [, owner, stranger, ...providers] = await ethers.getSigners();
  const verifier = await deployVerifier();
  const rewards = await deployRewards(verifier, shape);
  const token = await ethers.deployContract("PermitToken");
  for (const account of [owner!, stranger!, ...providers]) {
    await token.mint(account, 1_000n * POOL);
    await token.connect(account).approve(rewards, 1_000n * POOL);
  }
  return { rewards, verifier, token, owner: owner!, stranger: stranger!, providers };
}

/** The world of {@link SHAPE}: a fixture needs a function without arguments. */
export async function standardWorld(): Promise<World> {
  return deployWorld();
}

export async function deployVerifier(): Promise<RewardsVerifier> {
  return ethers.deployContract("RewardsVerifier", [(await trapdoorKey()) as never]);
}

/** @param library the address of PoseidonT4; one of its own if not given */
export async function deployRewards(
  verifier: RewardsVerifier,
  shape: RoundShape,
  library?: string,
): Promise<ShapleyRewards> {
  const PoseidonT4 = library ?? (await (await ethers.deployContract("PoseidonT4")).getAddress());
  return ethers.deployContract("ShapleyRewards", [verifier, shape], { libraries: { PoseidonT4 } });
}

/** Good terms, in ether unless told otherwise: 10 days to register, 10 to submit, 40 to claim. */
export async function makeTerms(changes: Partial<Terms> = {}): Promise<Terms> {
  const now = BigInt(await networkHelpers.time.latest());
  return {
    token: ETHER,
    validationCommitment: poseidon([toFieldElement(1n)]),
    encodingDigest: ethers.id("encoding"),
    ridgeBits: BigInt(RIDGE_BITS),
    registrationUntil: now + 10n * DAY,
    submissionUntil: now + 20n * DAY,
    claimUntil: now + 60n * DAY,
    salt: ethers.id("salt"),
    ...changes,
  };
}

/** A round of good terms with some changes. */
export async function openRound(world: World, changes: Partial<Terms> = {}): Promise<RoundWorld> {
  const terms = await makeTerms(changes);
  const roundId = await world.rewards.roundIdOf(world.owner, terms);
  await world.rewards.connect(world.owner).open(terms);
  const slack = await world.rewards.slackOf(terms.ridgeBits);
  return { ...world, terms, roundId, slack, entries: [] };
}

/** The commitment to rows that `payee` registers with in tests. */
export function commitmentOf(payee: string): FieldElement {
  return poseidon([toFieldElement(BigInt(payee)), toFieldElement(7n)]);
}

/** Registers one provider by its own transaction. */
export async function registerProvider(
  round: RoundWorld,
  provider: HardhatEthersSigner,
): Promise<ContractTransactionResponse> {
  const commitment = commitmentOf(provider.address);
  const receipt = await signReceipt(round, round.owner, provider.address, commitment);
  const sent = await round.rewards.connect(provider).register(round.roundId, commitment, receipt);
  round.entries.push({ payee: provider.address, commitment });
  return sent;
}

/** A round in which the first `count` providers have registered. */
export async function registeredRound(world: World, count: number, changes: Partial<Terms> = {}): Promise<RoundWorld> {
  const round = await openRound(world, changes);
  for (const provider of world.providers.slice(0, count)) await registerProvider(round, provider);
  return round;
}

/** Pays into a round. */
export async function fundRound(
  round: RoundWorld,
  amount: bigint = POOL,
  from: HardhatEthersSigner = round.owner,
): Promise<ContractTransactionResponse> {
  const value = round.terms.token === ETHER ? amount : 0n;
  return round.rewards.connect(from).fund(round.roundId, amount, { value });
}

/** What a proof shows of a round in which the providers have these values. */
export function resultOf(values: readonly bigint[]): RoundResult {
  return { values: [...values], modelCommitment: poseidon([toFieldElement(2n)]), loss: 2n ** 200n + 12_345n };
}

/** The public signals of a round's proof, from the packages and not from the contract. */
export function signalsOf(round: RoundWorld, result: RoundResult): bigint[] {
  return [
    ...valueWords(result.values),
    registryOf(round.entries.map(({ payee, commitment }) => ({ payee: BigInt(payee), commitment }))),
    result.modelCommitment,
    round.terms.validationCommitment,
    result.loss,
    contextWord(round.roundId, round.entries.length, Number(round.terms.ridgeBits)),
  ];
}

export async function proofOf(round: RoundWorld, result: RoundResult, seed?: string): Promise<Words8> {
  return proveWithTrapdoor(signalsOf(round, result), seed);
}

/** Values whose sum is far above 1,000 times the slack: 1, 2, 3, ... units. */
export function goodValues(round: RoundWorld, count: number = round.entries.length): bigint[] {
  return Array.from({ length: count }, (_, index) => BigInt(index + 1) * 1_000n * round.slack);
}

/** Submits a proof of values as soon as it can be done. */
export async function submitRound(round: RoundWorld, values: readonly bigint[]): Promise<RoundResult> {
  const result = resultOf(values);
  await nextTimestampAtLeast(round.terms.registrationUntil + 1n);
  await round.rewards.connect(round.owner).submit(round.roundId, await proofOf(round, result), result);
  return result;
}

/** What a claim of an equal round hands in, which the contract ignores. */
export const NO_RESULT: RoundResult = { values: [], modelCommitment: 0n, loss: 0n };

/** Settles a round without a proof as soon as it can be done. */
export async function settleRound(round: RoundWorld): Promise<void> {
  const { registrationUntil, submissionUntil } = round.terms;
  await nextTimestampAtLeast((round.entries.length === 0 ? registrationUntil : submissionUntil) + 1n);
  await round.rewards.connect(round.stranger).settleMissed(round.roundId);
}

/** What is stored of a round, by the names of the struct. */
export async function storedRound({ rewards, roundId }: RoundWorld): Promise<Record<string, unknown>> {
  return ((await rewards.round(roundId)) as unknown as EthersResult).toObject();
}

export async function stateOf({ rewards, roundId }: RoundWorld): Promise<bigint> {
  return (await rewards.round(roundId)).state;
}

/** Makes the next transaction's block carry exactly this timestamp. */
export async function nextTimestamp(timestamp: bigint): Promise<void> {
  await networkHelpers.time.setNextBlockTimestamp(timestamp);
}

async function nextTimestampAtLeast(timestamp: bigint): Promise<void> {
  if (BigInt(await networkHelpers.time.latest()) < timestamp) await nextTimestamp(timestamp);
}

async function domainOf(rewards: ShapleyRewards) {
  const { chainId } = await ethers.provider.getNetwork();
  return { name: "zkcmp rewards", version: "1", chainId, verifyingContract: await rewards.getAddress() };
}

/** The owner's receipt for a provider and its commitment. */
export async function signReceipt(
  { rewards, roundId }: RoundWorld,
  signer: HardhatEthersSigner,
  payee: string,
  commitment: bigint,
): Promise<string> {
  const types = {
    Receipt: [
      { name: "round", type: "uint256" },
      { name: "payee", type: "address" },
      { name: "commitment", type: "uint256" },
    ],
  };
  return signer.signTypedData(await domainOf(rewards), types, { round: roundId, payee, commitment });
}

/** A provider's consent to be registered by anybody. */
export async function signConsent(
  { rewards, roundId }: RoundWorld,
  signer: HardhatEthersSigner,
  consent: Consent,
): Promise<string> {
  const types = {
    Consent: [
      { name: "round", type: "uint256" },
      { name: "payee", type: "address" },
      { name: "commitment", type: "uint256" },
      { name: "nonce", type: "uint256" },
      { name: "deadline", type: "uint64" },
    ],
  };
  return signer.signTypedData(await domainOf(rewards), types, { round: roundId, ...consent });
}

/** A consent of a provider with good signatures of both sides. */
export async function makeConsent(
  round: RoundWorld,
  provider: HardhatEthersSigner,
  changes: Partial<Consent> = {},
): Promise<{ consent: Consent; consentSignature: string; receipt: string }> {
  const consent: Consent = {
    payee: provider.address,
    commitment: commitmentOf(provider.address),
    nonce: 0n,
    deadline: round.terms.registrationUntil,
    ...changes,
  };
  return {
    consent,
    consentSignature: await signConsent(round, provider, consent),
    receipt: await signReceipt(round, round.owner, consent.payee, consent.commitment),
  };
}

/** What is stored of a provider. (The typed contract leaves the function out, whose name it has a use for itself.) */
export async function storedProvider(
  { rewards, roundId }: RoundWorld,
  payee: string,
): Promise<{ slotPlusOne: bigint; paid: bigint }> {
  const [slotPlusOne, paid] = await rewards.getFunction("provider")(roundId, payee);
  return { slotPlusOne: slotPlusOne!, paid: paid! };
}
