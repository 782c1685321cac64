import { randomFieldElement } from "@zkcmp/field/element";
import { fieldToHex, type Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import { commitValidation } from "@zkcmp/shapley/sample-commitment";
import { digestEncoding, type SampleEncoding } from "@zkcmp/shapley/sample-encoding";
import type { Samples } from "@zkcmp/shapley/samples";
import type { RoundShape } from "@zkcmp/shapley/round-shape";
import { sha256 } from "../journal.ts";
import { chainTime, type Waiting } from "../network-connection.ts";
import { type Party, sendAs } from "../party.ts";
import { type MinedTransaction, minedTransaction } from "../transaction.ts";
import { walletAddress } from "../account.ts";
import { checkRewards, type TrustStorePath } from "./rewards-check.ts";
import { explainRewardsRevert, rewardsCalls } from "./rewards-contract.ts";
import { RoundError } from "./round-error.ts";
import { checkEncodingFits, encodeRoundFile, ownRoundFile, type RoundFile } from "./round-file.ts";
import { samplesToJson } from "./round-message.ts";
import { OWNED_ROUNDS, type OwnedRound, ROUND_REQUESTS } from "./round-record.ts";
import { roundIdOf, roundIdToHex, type RoundTerms } from "./round-terms.ts";
import { checkRidge } from "./slack-check.ts";

/** What an owner asks for. */
export interface RoundProposal {
  readonly rewards: Address;
  /** The contract's shape. */
  readonly shape: RoundShape;
  readonly encoding: SampleEncoding;
  /** The validation rows, encoded. */
  readonly validation: Samples;
  readonly token: Address;
  readonly ridgeBits: number;
  /** Seconds from now until registration ends. */
  readonly registration: number;
  /** Seconds from then until submission ends, an hour at least. */
  readonly submission: number;
  /** Seconds from then until claims end, 30 days at least. */
  readonly claims: number;
  /** Tells two rounds apart of which the same is asked. */
  readonly label: string;
}

/** Seconds that a proof has at least to be submitted, as in ShapleyRewards. */
export const SHORTEST_SUBMISSION = 3600;

/** Seconds that providers have at least to claim, as in ShapleyRewards. */
export const SHORTEST_CLAIMS = 30 * 24 * 3600;

/** Seconds that must be left for registration when a round that was begun earlier is opened. */
const LEAST_REGISTRATION = 60;

/**
 * Opens a round, and waits until that is mined. Salts are drawn and written down before anything is sent; the same proposal again
 * is the same round.
 * @throws {RoundError} for validation rows or a ridge that would let slack decide
 * @throws {RewardsCodeError}, {CircuitKeyMissingError}, {RewardsRevertError}, {OutOfFundsError}, {TransactionError},
 * {WaitingError}
 */
export async function openRound(
  party: Party,
  proposal: RoundProposal,
  trustStore: TrustStorePath,
  waiting: Waiting = {},
): Promise<{ round: RoundFile; transaction: MinedTransaction }> {
  const { connection, journal } = party;
  checkEncodingFits(proposal.encoding, proposal.shape);
  checkProposal(proposal);
  await checkRewards(connection, proposal, trustStore);
  const { roundId } = await journal.placeRecord(ROUND_REQUESTS, digestOf(party, proposal), async (existing) =>
    existing !== null && (await isUsable(party, existing.roundId))
      ? existing
      : { roundId: await drawRound(party, proposal) },
  );
  return journal.withRecord(OWNED_ROUNDS, roundIdToHex(roundId), async (record) => {
    const round = await ownRoundFile(journal, record.value);
    const mined = await minedTransaction(connection, record.value.open);
    if (mined !== null) return { round, transaction: mined };
    const call = { to: round.rewards, data: rewardsCalls.open(round.terms), value: 0n };
    const transaction = await sendAs(party, call, {
      ...waiting,
      what: "the opening of the round",
      explain: explainRewardsRevert,
      record: record.value.open,
      write: (open) => record.write({ open }),
    });
    return { round, transaction };
  });
}

function checkProposal({ shape, ridgeBits, validation, submission, claims }: RoundProposal): void {
  if (validation.rows.length === 0) {
    throw new RoundError("there are no validation rows", "Give at least one: values are measured on them.");
  }
  checkRidge(shape, ridgeBits, validation);
  if (submission < SHORTEST_SUBMISSION) {
    throw new RoundError("a proof would have less than an hour to be submitted", "Give --submission of 1h or more.");
  }
  if (claims < SHORTEST_CLAIMS) {
    throw new RoundError("providers would have less than 30 days to claim", "Give --claims of 30d or more.");
  }
}

/** Everything that was asked for but the clock. */
function digestOf({ connection, wallet }: Party, proposal: RoundProposal): Hex {
  const { rewards, encoding, validation, token, ridgeBits, registration, submission, claims, label } = proposal;
  return sha256(
    JSON.stringify([
      ...["zkcmp/round-request/v1", connection.chainId, rewards, walletAddress(wallet), digestEncoding(encoding)],
      ...[samplesToJson(validation), token, ridgeBits, registration, submission, claims, label],
    ]),
  );
}

/** A round that was begun and never opened is of no use once its registration is about to end. */
async function isUsable({ connection, journal }: Party, roundId: bigint): Promise<boolean> {
  const owned = await journal.find(OWNED_ROUNDS, roundIdToHex(roundId));
  if (owned === null) return false;
  if ((await minedTransaction(connection, owned.open)) !== null) return true;
  const { terms } = await ownRoundFile(journal, owned);
  return terms.registrationUntil >= (await chainTime(connection)) + LEAST_REGISTRATION;
}

async function drawRound({ connection, wallet, journal }: Party, proposal: RoundProposal): Promise<bigint> {
  const { rewards, shape, encoding, validation, token, ridgeBits } = proposal;
  const salt = randomFieldElement();
  const registrationUntil = (await chainTime(connection)) + proposal.registration;
  const submissionUntil = registrationUntil + proposal.submission;
  const terms: RoundTerms = {
    token,
    validationCommitment: commitValidation(shape, { salt, samples: validation }),
    encodingDigest: digestEncoding(encoding),
    ridgeBits,
    registrationUntil,
    submissionUntil,
    claimUntil: submissionUntil + proposal.claims,
    salt: fieldToHex(randomFieldElement()),
  };
  const place = { chainId: connection.chainId, rewards, owner: walletAddress(wallet), terms };
  const roundId = roundIdOf(place);
  const owned: OwnedRound = {
    file: await journal.keep(encodeRoundFile({ ...place, roundId, shape, encoding })),
    validation: { file: await journal.keep(`${JSON.stringify(samplesToJson(validation))}\n`), salt },
    disclosures: [],
  };
  await journal.placeRecord(OWNED_ROUNDS, roundIdToHex(roundId), async () => owned);
  return roundId;
}
