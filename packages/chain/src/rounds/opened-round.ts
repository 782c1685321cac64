import { fieldToHex, type Hex } from "@zkcmp/sale/hex";
import { toFieldElement } from "@zkcmp/field/element";
import type { Address } from "@zkcmp/sale/order";
import { parseRoundShape } from "@zkcmp/shapley/round-shape";
import type { LogDescription } from "ethers";
import { findLogs } from "../event-logs.ts";
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
  const { topicHash } = rewardsInterface.getEvent("Opened")!;
  const logs = await findLogs(provider, {
    address: rewards,
    topics: [topicHash, fieldToHex(toFieldElement(roundId))],
    oldest: stored.registrationUntil - LONGEST_REGISTRATION,
    isComplete: (found) => found.length > 0,
  });
  const opened = logs.map(({ topics, data }) => rewardsInterface.parseLog({ topics: [...topics], data })!)[0];
  if (opened !== undefined) {
    const place = { chainId, rewards, owner: addressOf(opened.args.owner), terms: openedTerms(opened.args) };
    if (roundIdOf(place) === roundId) return { ...place, roundId, shape: parseRoundShape(await contract.shape()) };
  }
  throw new RoundError(
    `the node does not give the event that opened the ${nameOfRound({ roundId })}`,
    "Use a node that keeps the events of old blocks, or the round file.",
  );
}
