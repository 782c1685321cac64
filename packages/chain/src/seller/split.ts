import { keccak256 } from "ethers";
import { shareOf, type Split } from "@zkcmp/sale/deal";
import type { Hex } from "@zkcmp/sale/hex";
import type { Order } from "@zkcmp/sale/order";
import type { Connection } from "../network-connection.ts";
import { checkRound, type TrustStorePath } from "../rounds/rewards-check.ts";
import { RoundError } from "../rounds/round-error.ts";
import { nameOfRound, type RoundFile } from "../rounds/round-file.ts";

/** A share of a price that is to go to a round. */
export interface SplitRequest {
  readonly round: RoundFile;
  /** Hundredths of a per cent of the price, 1 to 9,999. */
  readonly basisPoints: number;
  readonly trustStore: TrustStorePath;
}

/** Seconds from a deal's latest refund date to the end of the round's claims, at least, as in ModelEscrow. */
export const MIN_TIME_TO_CLAIM = 30 * 24 * 3600;

/**
 * The split of an offer. Checked before anything is sent: what ModelEscrow will check, and that the rewards contract is ShapleyRewards
 * with a verifier of a key that was verified here, which ModelEscrow cannot know. The code hash pins that code to the deal's id.
 * @throws {RoundError} naming the rule
 * @throws {WrongChainError}, {CircuitKeyMissingError}, {RewardsCodeError}
 */
export async function splitFor(
  connection: Connection,
  order: Order,
  { round, basisPoints, trustStore }: SplitRequest,
): Promise<Split> {
  const { stored } = await checkRound(connection, round, trustStore);
  const { rewards, roundId } = round;
  const refuse = (problem: string, fix: string): never => {
    throw new RoundError(problem, fix);
  };
  const name = nameOfRound(round);
  if (!Number.isInteger(basisPoints) || basisPoints < 1 || basisPoints > 9_999) {
    refuse(`a share of ${basisPoints / 100} % cannot go to a round`, "Give a share of 0.01 % to 99.99 %.");
  }
  if (shareOf(order.price, basisPoints) === 0n) {
    refuse("the share of this price rounds down to nothing", "Give a larger share, or none.");
  }
  if (stored.state === "refunded" || stored.state === "swept") {
    refuse(`the ${name} is ${stored.state}`, "Name a round that still takes money.");
  }
  if (stored.providers === 0) {
    refuse(`the ${name} has no provider yet, so a share would go back to its owner`, "Offer when somebody has joined.");
  }
  if (stored.token !== order.token) {
    refuse(`the ${name} pays in another token than the order`, "Name a round in the order's token.");
  }
  const earliest = order.fundableUntil + order.timeToRedeem + MIN_TIME_TO_CLAIM;
  if (stored.claimUntil < earliest) {
    refuse(
      `the ${name} ends too early: its providers can claim until ${timeOf(stored.claimUntil)} only, 30 days after the ` +
        `latest end of this deal is ${timeOf(earliest)}`,
      "Name a round that ends later, or ask the buyer for an order with shorter times.",
    );
  }
  const code = (await connection.provider.getCode(rewards)) as Hex;
  return { rewards, round: roundId, basisPoints, codeHash: keccak256(code) as Hex };
}

function timeOf(seconds: number): string {
  return new Date(1000 * seconds).toISOString();
}
