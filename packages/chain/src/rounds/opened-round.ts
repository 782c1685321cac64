import { fieldToHex, type Hex } from "@zkcmp/sale/hex";
import { toFieldElement } from "@zkcmp/field/element";
import type { Address } from "@zkcmp/sale/order";
import { parseRoundShape } from "@zkcmp/shapley/round-shape";
import type { LogDescription } from "ethers";
import { findLogs, type RawLog } from "../event-logs.ts";
import type { Connection } from "../network-connection.ts";
import { addressOf, RewardsContract, rewardsInterface } from "./rewards-contract.ts";
import { RoundError } from "./round-error.ts";
import { nameOfRound, type OpenedRound } from "./round-file.ts";
import { LONGEST_REGISTRATION } from "./round-history.ts";
import { roundIdOf, type RoundTerms } from "./round-terms.ts";

/** The terms in the arguments of the event Opened. */
export function openedTerms(args: LogDescription["args"]): RoundTerms {
  const { token, validationCommitment, encodingDigest, ridgeBits, salt, ...times } = args.terms.toObject();
  return {
    token: addressOf(token),
    validationCommitment: toFieldElement(validationCommitment, "the commitment to the validation rows"),
    encodingDigest: encodingDigest as Hex,
    ridgeBits: Number(ridgeBits),
    registrationUntil: Number(times.registrationUntil),
    submissionUntil: Number(times.submissionUntil),
    claimUntil: Number(times.claimUntil),
    salt: salt as Hex,
  };
}

/**
 * A round as its chain tells it, for whom has no round file: the event that opened it has all terms, and the round's id hashes them, so
 * a node can make nothing up. The shape is what the contract says; `checkRound` holds it against the contract's code.
 * @throws {RoundError} if there is no such round, or the node's event is not that of the round
 */
export async function openedRound(connection: Connection, rewards: Address, roundId: bigint): Promise<OpenedRound> {
  const { provider, chainId } = connection;
  const contract = new RewardsContract(provider, rewards);
  const stored = await contract.round(roundId);
  if (stored.state === "none") {
    throw new RoundError(
      `the ${nameOfRound({ roundId })} does not exist at ${rewards} on chain ${chainId}`,
      "Check its link, or wait until it is opened.",
    );
  }
  const log = await openingLog(connection, { rewards, roundId, registrationUntil: stored.registrationUntil });
  if (log !== undefined) {
    const { args } = rewardsInterface.parseLog({ topics: [...log.topics], data: log.data })!;
    const place = { chainId, rewards, owner: addressOf(args.owner), terms: openedTerms(args) };
    if (roundIdOf(place) === roundId) return { ...place, roundId, shape: parseRoundShape(await contract.shape()) };
  }
  throw new RoundError(
    `the node does not give the event that opened the ${nameOfRound({ roundId })}`,
    "Use a node that keeps the events of old blocks, or the round file.",
  );
}

/** When a round was opened, in unix seconds, as the node says; null if it does not know. */
export async function openingTime(connection: Connection, round: OpenedRound): Promise<number | null> {
  const { rewards, roundId, terms } = round;
  const { registrationUntil } = terms;
  const log = await openingLog(connection, { rewards, roundId, registrationUntil });
  if (log === undefined) return null;
  return (await connection.provider.getBlock(Number(log.blockNumber)))?.timestamp ?? null;
}

async function openingLog(
  { provider }: Connection,
  round: Pick<OpenedRound, "rewards" | "roundId"> & { readonly registrationUntil: number },
): Promise<RawLog | undefined> {
  const { topicHash } = rewardsInterface.getEvent("Opened")!;
  const logs = await findLogs(provider, {
    address: round.rewards,
    topics: [topicHash, fieldToHex(toFieldElement(round.roundId))],
    oldest: round.registrationUntil - LONGEST_REGISTRATION,
    isComplete: (found) => found.length > 0,
  });
  return logs[0];
}
