import type { FieldElement } from "@zkcmp/field/element";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import type { Journal } from "../journal.ts";
import { chainTime, type Connection, type Waiting } from "../network-connection.ts";
import type { Party } from "../party.ts";
import { isSignedBy } from "../signature.ts";
import type { MinedTransaction } from "../transaction.ts";
import { walletAddress } from "../account.ts";
import { checkRegistrationOpen, contributionName } from "./commit-samples.ts";
import { checkRound, type TrustStorePath } from "./rewards-check.ts";
import { RewardsContract, rewardsCalls, type Round } from "./rewards-contract.ts";
import { RoundError, RoundTimeError } from "./round-error.ts";
import { nameOfRound, type OpenedRound } from "./round-file.ts";
import { roundHistory } from "./round-history.ts";
import type { ConsentMessage, ReceiptMessage } from "./round-message.ts";
import { CONTRIBUTIONS, type SignedConsent } from "./round-record.ts";
import { doOnce, plainCall } from "./round-transaction.ts";
import { type Consent, consentTypedData, receiptTypedData, typedDataHash } from "./typed-data.ts";

/** A provider's place in a round. */
export interface Registered {
  readonly slot: number;
  /** null where another account sent it. */
  readonly transaction: MinedTransaction | null;
}

/**
 * Registers the account's own rows, with the owner's receipt. Again: the same registration.
 * @throws {RoundError} for a receipt of other rows or not by the owner
 * @throws {RoundTimeError}, {JournalError}, {RewardsCodeError}, {RewardsRevertError}, {TransactionError}, {WaitingError}
 */
export async function registerContribution(
  party: Party,
  round: OpenedRound,
  message: ReceiptMessage,
  trustStore: TrustStorePath,
  waiting: Waiting = {},
): Promise<Registered> {
  const { connection } = party;
  const payee = walletAddress(party.wallet);
  await checkOwnReceipt(party.journal, round, message, payee);
  const { stored } = await checkRound(connection, round, trustStore);
  const { commitment, receipt } = message;
  const call = async () => {
    await checkReceipt(party, round, stored, message);
    return plainCall(round.rewards, rewardsCalls.register(round.roundId, commitment, receipt));
  };
  return register(party, round, { payee, commitment }, call, waiting);
}

/**
 * Signs a consent, with which anybody can register the rows of the receipt. Again: the same consent, as long as it is good;
 * otherwise a new one. An older one to other rows of this round stays good until it is taken back; the first that is relayed counts. The payee is the receipt's: the account
 * itself, or a contract for which it signs (ERC-1271).
 * @param deadline unix seconds, the end of registration if not given
 * @throws {RoundError}, {RoundTimeError}, {JournalError}, {RewardsCodeError}
 */
export async function signConsent(
  party: Party,
  round: OpenedRound,
  message: ReceiptMessage,
  trustStore: TrustStorePath,
  deadline = round.terms.registrationUntil,
): Promise<ConsentMessage> {
  const { connection, wallet, journal } = party;
  const { payee } = message;
  await checkOwnReceipt(party.journal, round, message, payee);
  const { stored } = await checkRound(connection, round, trustStore);
  await checkReceipt(party, round, stored, message);
  const now = await chainTime(connection);
  if (deadline < now) {
    throw new RoundTimeError(
      `the consent would have ended at ${new Date(1000 * deadline).toISOString()}`,
      "Give a later end.",
    );
  }
  const nonce = await new RewardsContract(connection.provider, round.rewards).consentNonce(payee);
  const { commitment, receipt } = message;
  const isGood = (consent: SignedConsent): boolean =>
    consent.commitment === commitment && consent.nonce >= nonce && consent.deadline === deadline;
  const { consents } = await journal.placeRecord(CONTRIBUTIONS, contributionName(round, payee), async (existing) => {
    if (existing!.consents.some(isGood)) return existing!;
    const consent: Consent = { payee, commitment, nonce, deadline };
    const { domain, types, message: content } = consentTypedData(round, consent);
    const signature = (await wallet.signTypedData(domain, types, content)) as Hex;
    if (!(await isSignedBy(connection, payee, typedDataHash(consentTypedData(round, consent)), signature))) {
      throw new RoundError(
        `the account ${walletAddress(wallet)} cannot sign for ${payee}`,
        "Use the provider's account.",
      );
    }
    return { ...existing!, consents: [...existing!.consents, { commitment, nonce, deadline, signature }] };
  });
  const { signature, nonce: signed } = consents.findLast(isGood)!;
  const { chainId, rewards, roundId } = round;
  return { chainId, rewards, roundId, consent: { payee, commitment, nonce: signed, deadline }, signature, receipt };
}

/**
 * Registers a provider who has signed a consent; anybody can, for the gas.
 * @throws {RoundError} for a consent or receipt that is not signed by whom it names, or was taken back
 * @throws {RoundTimeError}, {RewardsCodeError}, {RewardsRevertError}, {TransactionError}, {WaitingError}
 */
export async function relayConsent(
  party: Party,
  round: OpenedRound,
  message: ConsentMessage,
  trustStore: TrustStorePath,
  waiting: Waiting = {},
): Promise<Registered> {
  const { connection } = party;
  const { consent, signature, receipt } = message;
  const { payee, commitment } = consent;
  requireSameRound(round, message, "consent");
  const { stored } = await checkRound(connection, round, trustStore);
  const call = async () => {
    await checkReceipt(party, round, stored, { payee, commitment, receipt });
    if (!(await isSignedBy(connection, payee, typedDataHash(consentTypedData(round, consent)), signature))) {
      throw new RoundError(
        `the consent is not signed by ${payee}`,
        "Ask the provider for the file that `zkcmp round register --consent-only` wrote.",
      );
    }
    if ((await chainTime(connection)) > consent.deadline) {
      throw new RoundTimeError(
        `the consent ended at ${new Date(1000 * consent.deadline).toISOString()}`,
        "Ask the provider for a new one.",
      );
    }
    const nonce = await new RewardsContract(connection.provider, round.rewards).consentNonce(payee);
    if (consent.nonce < nonce) {
      throw new RoundError("the consent was taken back", "Ask the provider for a new one.");
    }
    return plainCall(round.rewards, rewardsCalls.registerFor(round.roundId, consent, signature, receipt));
  };
  return register(party, round, consent, call, waiting);
}

/**
 * Makes all consents void that this account has signed for the round, and those for other rounds of its contract that have no
 * larger nonce. @returns the first good nonce
 */
export async function revokeConsents(
  party: Party,
  round: OpenedRound,
  waiting: Waiting = {},
): Promise<{ firstValidNonce: bigint; transaction: MinedTransaction | null }> {
  const { connection, journal, wallet } = party;
  const payee = walletAddress(wallet);
  const contract = new RewardsContract(connection.provider, round.rewards);
  const contribution = await journal.record(CONTRIBUTIONS, contributionName(round, payee));
  const newest = contribution.consents.reduce((largest, { nonce }) => (nonce > largest ? nonce : largest), -1n);
  const { seen, transaction } = await doOnce(
    party,
    { roundId: round.roundId, name: "revoke", what: "the revocation" },
    async () => {
      const nonce = await contract.consentNonce(payee);
      return nonce > newest ? nonce : null;
    },
    async () => plainCall(round.rewards, rewardsCalls.revokeConsents(newest + 1n)),
    waiting,
  );
  return { firstValidNonce: seen, transaction };
}

async function register(
  party: Party,
  round: OpenedRound,
  { payee, commitment }: { readonly payee: Address; readonly commitment: FieldElement },
  call: () => Promise<ReturnType<typeof plainCall>>,
  waiting: Waiting,
): Promise<Registered> {
  const contract = new RewardsContract(party.connection.provider, round.rewards);
  const action = { roundId: round.roundId, name: `register-${payee}`, what: "the registration" };
  const { seen, transaction } = await doOnce(
    party,
    action,
    async () => {
      const { slot } = await contract.provider(round.roundId, payee);
      if (slot === null) return null;
      const { registrations } = await roundHistory(party.connection, round, round.roundId);
      if (registrations[slot]?.commitment === commitment) return slot;
      throw new RoundError(`${payee} is registered already, with other rows`, "A provider registers once in a round.");
    },
    call,
    waiting,
  );
  return { slot: seen, transaction };
}

/**
 * The receipt is for rows that this journal can open, under this account.
 * @throws {RoundError}, {JournalError} if the payee has committed to nothing here
 */
export async function checkOwnReceipt(
  journal: Journal,
  round: OpenedRound,
  message: ReceiptMessage,
  payee: Address,
): Promise<void> {
  requireSameRound(round, message, "receipt");
  if (message.payee !== payee) {
    throw new RoundError(`the receipt is for ${message.payee}, not for ${payee}`, "Use that account.");
  }
  const { committed } = await journal.record(CONTRIBUTIONS, contributionName(round, payee));
  if (!committed.some(({ commitment }) => commitment === message.commitment)) {
    throw new RoundError(
      "the receipt is for rows that this journal has not committed to",
      "Give the owner the disclosure that `zkcmp round samples` wrote here, and use the receipt for it.",
    );
  }
}

/** The receipt is signed by the round's owner, plain account or contract. @throws {RoundError} */
export async function checkReceiptSignature(
  connection: Connection,
  round: OpenedRound,
  { payee, commitment, receipt }: Pick<ReceiptMessage, "payee" | "commitment" | "receipt">,
): Promise<void> {
  const digest = typedDataHash(receiptTypedData(round, { payee, commitment }));
  if (!(await isSignedBy(connection, round.owner, digest, receipt))) {
    throw new RoundError(
      `the receipt is not signed by the round's owner ${round.owner}`,
      "Ask the owner for the file that `zkcmp round accept` wrote for these rows.",
    );
  }
}

async function checkReceipt(
  { connection }: Party,
  round: OpenedRound,
  stored: Round,
  receipt: Pick<ReceiptMessage, "payee" | "commitment" | "receipt">,
): Promise<void> {
  await checkRegistrationOpen(connection, round, stored);
  await checkReceiptSignature(connection, round, receipt);
}

function requireSameRound(
  round: OpenedRound,
  message: { readonly roundId: bigint; readonly rewards: Address; readonly chainId: number },
  what: string,
): void {
  const { roundId, rewards, chainId } = message;
  if (roundId === round.roundId && rewards === round.rewards && chainId === round.chainId) return;
  throw new RoundError(`the ${what} is for another round than the ${nameOfRound(round)}`, "Name that round's file.");
}
