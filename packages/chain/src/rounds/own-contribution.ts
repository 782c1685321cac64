import type { FieldElement } from "@zkcmp/field/element";
import { type Hex, hexSchema } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import type { Samples } from "@zkcmp/shapley/samples";
import * as z from "zod";
import { type Journal, JournalError, type RecordKind } from "../journal.ts";
import type { Connection } from "../network-connection.ts";
import { contributionName } from "./commit-samples.ts";
import { checkOwnReceipt, checkReceiptSignature } from "./register.ts";
import type { OpenedRound } from "./round-file.ts";
import { type Disclosure, encodeReceipt, parseReceipt, type ReceiptMessage, samplesFromJson } from "./round-message.ts";
import { type CommittedSamples, CONTRIBUTIONS, type SignedConsent } from "./round-record.ts";
import { roundIdToHex } from "./round-terms.ts";

/** What a provider has made for a round and was given, as far as the journal knows. */
export interface OwnContribution {
  /** Commitments to rows, the newest last. */
  readonly committed: readonly { readonly commitment: FieldElement; readonly rows: number }[];
  /** The owner's receipt for one of them. */
  readonly receipt: ReceiptMessage | null;
  readonly consents: readonly SignedConsent[];
}

const receiptSchema = z.strictObject({ file: hexSchema(32) });

/** Receipts that providers were given, by round and payee: where files have no path of their own, as in a browser. */
export const RECEIPTS: RecordKind<{ readonly file: Hex }> = {
  folder: "receipts",
  format: "zkcmp-kept-receipt",
  schema: receiptSchema,
  toJson: ({ file }): z.input<typeof receiptSchema> => ({ file }),
  what: "receipt for the round",
  fix: "Give the receipt that the round's owner has made for your rows.",
};

/** @returns null if the payee has committed to nothing here @throws {JournalError} if a record is damaged */
export async function ownContribution(
  journal: Journal,
  round: OpenedRound,
  payee: Address,
): Promise<OwnContribution | null> {
  const contribution = await journal.find(CONTRIBUTIONS, contributionName(round, payee));
  if (contribution === null) return null;
  const committed = await Promise.all(
    contribution.committed.map(async (each) => ({
      commitment: each.commitment,
      rows: (await keptSamples(journal, each)).rows.length,
    })),
  );
  return { committed, receipt: await keptReceipt(journal, round, payee), consents: contribution.consents };
}

/**
 * The consents of a contribution with which somebody could register the payee now: not taken back, and not at their end.
 * @param firstValidNonce what the contract says of the payee
 * @param now unix seconds, the chain's clock
 */
export function openConsents(
  { consents }: Pick<OwnContribution, "consents">,
  firstValidNonce: bigint,
  now: number,
): SignedConsent[] {
  return consents.filter(({ nonce, deadline }) => nonce >= firstValidNonce && now <= deadline);
}

/** The accounts under which rows were committed to here for a round. */
export async function contributors(journal: Journal, { roundId }: Pick<OpenedRound, "roundId">): Promise<Address[]> {
  const start = `${roundIdToHex(roundId)}-`;
  const names = await journal.recordNames(CONTRIBUTIONS);
  return names.filter((name) => name.startsWith(start)).map((name) => name.slice(start.length) as Address);
}

/**
 * The disclosure of rows that were committed to, once more as it was.
 * @param commitment the newest one if not given
 * @throws {JournalError} if nothing was committed to, or nothing under this commitment
 */
export async function ownDisclosure(
  journal: Journal,
  round: OpenedRound,
  payee: Address,
  commitment?: FieldElement,
): Promise<Disclosure> {
  const { committed } = await journal.record(CONTRIBUTIONS, contributionName(round, payee));
  const chosen = commitment === undefined ? committed.at(-1) : committed.find((each) => each.commitment === commitment);
  if (chosen === undefined) throw new JournalError("the journal has no rows under this commitment", CONTRIBUTIONS.fix);
  const { chainId, rewards, roundId } = round;
  const samples = await keptSamples(journal, chosen);
  return { chainId, rewards, roundId, payee, salt: chosen.salt, commitment: chosen.commitment, samples };
}

/**
 * Checks the owner's receipt and keeps it, so that registering can wait. A later receipt takes the place of an earlier one.
 * @throws {RoundError} for a receipt of another round or account, of rows that were not committed to here, or not signed by the owner
 * @throws {JournalError} if nothing was committed to
 */
export async function takeReceipt(
  connection: Connection,
  journal: Journal,
  round: OpenedRound,
  message: ReceiptMessage,
  payee: Address,
): Promise<void> {
  await checkOwnReceipt(journal, round, message, payee);
  await checkReceiptSignature(connection, round, message);
  const file = await journal.keep(encodeReceipt(message));
  await journal.placeRecord(RECEIPTS, contributionName(round, payee), async () => ({ file }));
}

/** The receipt that was kept, or null. @throws {JournalError} if it is damaged */
export async function keptReceipt(
  journal: Journal,
  round: Pick<OpenedRound, "roundId">,
  payee: Address,
): Promise<ReceiptMessage | null> {
  const kept = await journal.find(RECEIPTS, contributionName(round, payee));
  if (kept === null) return null;
  return parseReceipt(JSON.parse(await journal.kept(kept.file, "the owner's receipt")), "The journal's receipt");
}

async function keptSamples(journal: Journal, { file }: CommittedSamples): Promise<Samples> {
  return samplesFromJson(JSON.parse(await journal.kept(file, "rows that were committed to")), "The journal's rows");
}
