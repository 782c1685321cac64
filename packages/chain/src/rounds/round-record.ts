import type { FieldElement } from "@zkcmp/field/element";
import { fieldSchema, fieldToHex, type Hex, hexSchema } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import * as z from "zod";
import type { RecordKind } from "../journal.ts";
import { type TransactionRecord, transactionSchema, transactionToJson } from "../transaction.ts";
import { roundIdSchema, roundIdToHex } from "./round-terms.ts";

/** A disclosure that the owner has accepted, with the receipt that was given for it. */
export interface AcceptedDisclosure {
  readonly payee: Address;
  readonly commitment: FieldElement;
  /** Digest of the disclosure in the journal. */
  readonly file: Hex;
  /** The owner's signature. */
  readonly receipt: Hex;
}

/** An owner's memory of one round. */
export interface OwnedRound {
  /** Digest of the round file in the journal. */
  readonly file: Hex;
  /** The validation rows and what hides them. */
  readonly validation: { readonly file: Hex; readonly salt: FieldElement };
  readonly disclosures: readonly AcceptedDisclosure[];
  readonly open?: TransactionRecord | undefined;
  /** Drawn once, so that a proof that is made again has the same model commitment. */
  readonly modelSalt?: FieldElement | undefined;
  /** Digest of the proof file in the journal. */
  readonly proof?: Hex | undefined;
}

const ownedRoundSchema = z.strictObject({
  file: hexSchema(32),
  validation: z.strictObject({ file: hexSchema(32), salt: fieldSchema }),
  disclosures: z.array(
    z.strictObject({ payee: hexSchema(20), commitment: fieldSchema, file: hexSchema(32), receipt: hexSchema() }),
  ),
  open: transactionSchema.optional(),
  modelSalt: fieldSchema.optional(),
  proof: hexSchema(32).optional(),
});

/** Rounds that were opened here, by their id. */
export const OWNED_ROUNDS: RecordKind<OwnedRound> = {
  folder: "rounds",
  format: "zkcmp-owned-round",
  schema: ownedRoundSchema,
  toJson: (round): z.input<typeof ownedRoundSchema> => ({
    ...round,
    validation: { ...round.validation, salt: fieldToHex(round.validation.salt) },
    disclosures: round.disclosures.map((each) => ({ ...each, commitment: fieldToHex(each.commitment) })),
    open: round.open && transactionToJson(round.open),
    modelSalt: round.modelSalt === undefined ? undefined : fieldToHex(round.modelSalt),
  }),
  what: "round of yours",
  fix: "Open the round with this --home (`zkcmp round open`), or name the home that opened it.",
};

const roundRequestSchema = z.strictObject({ roundId: roundIdSchema });

/** What was asked for, by its digest, and the round that came of it: the same again is the same round. */
export const ROUND_REQUESTS: RecordKind<{ readonly roundId: bigint }> = {
  folder: "round-requests",
  format: "zkcmp-round-request",
  schema: roundRequestSchema,
  toJson: ({ roundId }): z.input<typeof roundRequestSchema> => ({ roundId: roundIdToHex(roundId) }),
  what: "request for a round",
  fix: "Open the round (`zkcmp round open`).",
};

/** Rows that were committed to, with what opens the commitment. */
export interface CommittedSamples {
  readonly commitment: FieldElement;
  readonly salt: FieldElement;
  /** Digest of the rows in the journal. */
  readonly file: Hex;
}

/** A consent that was signed. */
export interface SignedConsent {
  readonly commitment: FieldElement;
  readonly nonce: bigint;
  readonly deadline: number;
  readonly signature: Hex;
}

/** A provider's memory of one round: nothing that ever went out is forgotten. */
export interface Contribution {
  /** The newest last. */
  readonly committed: readonly CommittedSamples[];
  readonly consents: readonly SignedConsent[];
}

const contributionSchema = z.strictObject({
  committed: z.array(z.strictObject({ commitment: fieldSchema, salt: fieldSchema, file: hexSchema(32) })).min(1),
  consents: z.array(
    z.strictObject({
      commitment: fieldSchema,
      nonce: z
        .string()
        .regex(/^[0-9]{1,78}$/)
        .transform(BigInt),
      deadline: z.int().min(1),
      signature: hexSchema(),
    }),
  ),
});

/** What was committed to here, by round and payee. */
export const CONTRIBUTIONS: RecordKind<Contribution> = {
  folder: "samples",
  format: "zkcmp-contribution",
  schema: contributionSchema,
  toJson: ({ committed, consents }): z.input<typeof contributionSchema> => ({
    committed: committed.map(({ commitment, salt, file }) => ({
      commitment: fieldToHex(commitment),
      salt: fieldToHex(salt),
      file,
    })),
    consents: consents.map((consent) => ({
      ...consent,
      commitment: fieldToHex(consent.commitment),
      nonce: consent.nonce.toString(),
    })),
  }),
  what: "contribution of yours to the round",
  fix: "Commit to your rows first (`zkcmp round samples`), or name the home that did with --home.",
};

/** The last transaction of one account for one thing in one round. */
export interface RoundTransaction {
  /** Where the account pays an amount: how much. */
  readonly amount?: bigint | undefined;
  readonly approve?: TransactionRecord | undefined;
  readonly transaction?: TransactionRecord | undefined;
}

const roundTransactionSchema = z.strictObject({
  amount: z
    .string()
    .regex(/^[0-9]{1,39}$/)
    .transform(BigInt)
    .optional(),
  approve: transactionSchema.optional(),
  transaction: transactionSchema.optional(),
});

/** By round, account and what it did. */
export const ROUND_TRANSACTIONS: RecordKind<RoundTransaction> = {
  folder: "round-transactions",
  format: "zkcmp-round-transaction",
  schema: roundTransactionSchema,
  toJson: ({ amount, approve, transaction }): z.input<typeof roundTransactionSchema> => ({
    amount: amount?.toString(),
    approve: approve && transactionToJson(approve),
    transaction: transaction && transactionToJson(transaction),
  }),
  what: "transaction",
  fix: "Name the journal's folder with --home.",
};
