import { type FieldElement, randomFieldElement } from "@zkcmp/field/element";
import type { Address } from "@zkcmp/sale/order";
import { commitSamples } from "@zkcmp/shapley/sample-commitment";
import { checkSamples, type Samples } from "@zkcmp/shapley/samples";
import { type Journal, sha256 } from "../journal.ts";
import { chainTime, type Connection } from "../network-connection.ts";
import { checkRound, type TrustStorePath } from "./rewards-check.ts";
import { RewardsContract, type Round } from "./rewards-contract.ts";
import { RoundError, RoundTimeError } from "./round-error.ts";
import type { OpenedRound } from "./round-file.ts";
import { type Disclosure, samplesToJson } from "./round-message.ts";
import { CONTRIBUTIONS } from "./round-record.ts";
import { roundIdToHex } from "./round-terms.ts";

/** The name of a contribution in the journal. */
export function contributionName({ roundId }: Pick<OpenedRound, "roundId">, payee: Address): string {
  return `${roundIdToHex(roundId)}-${payee}`;
}

/**
 * Commits to rows for a round, under a fresh salt that stays in the journal and in the disclosure. The same rows again have
 * the same commitment. Checks the round first, since whoever gets the disclosure sees the rows.
 * @param payee the account that will register and be paid
 * @throws {RoundError}, {RoundTimeError}, SamplesError
 * @throws {RewardsCodeError}, {CircuitKeyMissingError}, {WrongChainError}
 */
export async function commitContribution(
  connection: Connection,
  journal: Journal,
  round: OpenedRound,
  payee: Address,
  samples: Samples,
  trustStore: TrustStorePath,
): Promise<{ disclosure: Disclosure; stored: Round }> {
  const { shape, chainId, rewards, roundId } = round;
  checkSamples(shape, samples, shape.rows);
  if (samples.rows.length === 0) throw new RoundError("there are no rows to commit to", "Give at least one.");
  const { stored } = await checkRound(connection, round, trustStore);
  await checkRegistrationOpen(connection, round, stored);
  const text = `${JSON.stringify(samplesToJson(samples))}\n`;
  const opening = (salt: FieldElement) => ({ roundId, payee: BigInt(payee), salt, samples });
  const { committed } = await journal.placeRecord(CONTRIBUTIONS, contributionName(round, payee), async (existing) => {
    const earlier = existing?.committed.find(({ file }) => file === sha256(text));
    if (existing !== null && earlier !== undefined) {
      return existing.committed.at(-1) === earlier
        ? existing
        : { ...existing, committed: [...existing.committed.filter((each) => each !== earlier), earlier] };
    }
    if ((await new RewardsContract(connection.provider, rewards).provider(roundId, payee)).slot !== null) {
      throw new RoundError(`${payee} is registered already, with other rows`, "A provider registers once in a round.");
    }
    const salt = randomFieldElement();
    const file = await journal.keep(text);
    const fresh = { commitment: commitSamples(shape, opening(salt)), salt, file };
    return { committed: [...(existing?.committed ?? []), fresh], consents: existing?.consents ?? [] };
  });
  const { commitment, salt } = committed.at(-1)!;
  return { disclosure: { chainId, rewards, roundId, payee, salt, commitment, samples }, stored };
}

/** @throws {RoundTimeError} if the registration is over; {RoundError} if all slots are taken */
export async function checkRegistrationOpen(
  connection: Connection,
  { terms, shape }: OpenedRound,
  stored: Round,
): Promise<void> {
  if (stored.state !== "open" || (await chainTime(connection)) > terms.registrationUntil) {
    throw new RoundTimeError(
      `registration ended at ${new Date(1000 * terms.registrationUntil).toISOString()}`,
      "Ask the owner for another round.",
    );
  }
  if (stored.providers >= shape.providers) {
    throw new RoundError(`all ${shape.providers} slots of the round are taken`, "Ask the owner for another round.");
  }
}
