import type { LogDescription } from "ethers";
import { type FieldElement, toFieldElement } from "@zkcmp/field/element";
import { fieldToHex, type Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import { registryOf } from "@zkcmp/shapley/sample-commitment";
import { findLogs, type RawLog } from "../event-logs.ts";
import type { Connection } from "../network-connection.ts";
import { addressOf, RewardsContract, type Round, rewardsInterface, type RoundResult } from "./rewards-contract.ts";
import { RoundError } from "./round-error.ts";
import type { RoundPlace } from "./round-terms.ts";

/** One provider of a round, as the contract accepted it. */
export interface Registration {
  readonly payee: Address;
  readonly commitment: FieldElement;
  /** From 0. */
  readonly slot: number;
  readonly blockNumber: number;
}

/** The event Submitted: what was proven. */
export interface Submission {
  readonly result: RoundResult;
  readonly totalWeight: bigint;
  /** Whether the values are too small to tell apart, so that the pool is split equally. */
  readonly equal: boolean;
  readonly transactionHash: Hex;
}

/** What happened in a round that its storage does not tell. */
export interface RoundHistory {
  /** In the order of their slots. */
  readonly registrations: readonly Registration[];
  readonly submission: Submission | null;
}

/** Seconds from opening to the end of registration at most, as in ShapleyRewards. */
export const LONGEST_REGISTRATION = 365 * 24 * 3600;

/** The three events of a round that are looked for. */
const EVENTS = ["Opened", "Registered", "Submitted"] as const;

/**
 * Reads registrations and submission from the chain's events, and holds them against the contract's storage: the registry
 * hashes all registrations, so none can be left out or made up by a node.
 * @throws {RoundError} if the events do not belong to the stored round
 */
export async function roundHistory(
  connection: Connection,
  { rewards, terms }: RoundPlace,
  roundId: bigint,
): Promise<RoundHistory> {
  const contract = new RewardsContract(connection.provider, rewards);
  const round = await contract.round(roundId);
  if (round.state === "none") return { registrations: [], submission: null };
  const topics = EVENTS.map((name) => rewardsInterface.getEvent(name)!.topicHash);
  const logs = await findLogs(connection.provider, {
    address: rewards,
    topics: [topics, fieldToHex(toFieldElement(roundId))],
    oldest: terms.registrationUntil - LONGEST_REGISTRATION,
    isComplete: (found) => found.some((log) => log.topics[0] === topics[0]),
  });
  const events = logs.map((log) => ({
    log,
    event: rewardsInterface.parseLog({ topics: [...log.topics], data: log.data })!,
  }));
  // A node may have mined a block between the two reads: what the storage did not know yet is left out.
  const registrations = events
    .filter(({ event }) => event.name === "Registered")
    .map(({ log, event }) => registrationOf(log, event.args))
    .slice(0, round.providers);
  const submitted = events.find(({ event }) => event.name === "Submitted");
  const isSubmitted = BigInt(round.resultDigest) !== 0n;
  checkRegistry(round, registrations);
  if (isSubmitted && submitted === undefined) throw incomplete();
  return {
    registrations,
    submission: isSubmitted ? submissionOf(submitted!.log, submitted!.event.args) : null,
  };
}

function registrationOf(log: RawLog, args: LogDescription["args"]): Registration {
  return {
    payee: addressOf(args.payee),
    commitment: toFieldElement(args.commitment, "a registered commitment"),
    slot: Number(args.slot),
    blockNumber: Number(log.blockNumber),
  };
}

function submissionOf(log: RawLog, args: LogDescription["args"]): Submission {
  return {
    result: {
      values: [...(args.getValue("values") as readonly bigint[])],
      modelCommitment: toFieldElement(args.modelCommitment, "the model commitment"),
      loss: toFieldElement(args.loss, "the loss"),
    },
    totalWeight: args.totalWeight,
    equal: args.equal,
    transactionHash: log.transactionHash as Hex,
  };
}

function checkRegistry(round: Round, registrations: readonly Registration[]): void {
  const entries = registrations.map(({ payee, commitment }) => ({ payee: BigInt(payee), commitment }));
  if (registrations.length !== round.providers || registryOf(entries) !== round.registry) throw incomplete();
}

function incomplete(): RoundError {
  return new RoundError(
    "the node's events of the round do not belong to what its contract stores",
    "Use a node that keeps the events of old blocks.",
  );
}
