import type { FieldElement } from "@zkcmp/field/element";
import { decodeProof, encodeProof, type Proof, PROOF_BYTES } from "@zkcmp/groth16/proof";
import { checkJson, parseJson } from "@zkcmp/network/json-file";
import { fieldSchema, fieldToHex, fromHex, type Hex, hexSchema, toHex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import type { Samples } from "@zkcmp/shapley/samples";
import * as z from "zod";
import type { RoundResult } from "./rewards-contract.ts";
import { roundIdSchema, roundIdToHex } from "./round-terms.ts";
import type { Consent, RoundReference } from "./typed-data.ts";

/*
 * The messages between owner and providers, each a JSON file that names its round. A disclosure is a secret of the two, the
 * others are public.
 */

/** Provider to owner: the opening of a data commitment. */
export interface Disclosure extends RoundReference {
  readonly payee: Address;
  readonly salt: FieldElement;
  readonly commitment: FieldElement;
  readonly samples: Samples;
}

/** Owner to provider: the owner's word that the opening was seen. */
export interface ReceiptMessage extends RoundReference {
  readonly payee: Address;
  readonly commitment: FieldElement;
  /** EIP-712 signature of the owner. */
  readonly receipt: Hex;
}

/** Provider to anyone: all that registering the provider takes. */
export interface ConsentMessage extends RoundReference {
  readonly consent: Consent;
  /** EIP-712 signature of the provider. */
  readonly signature: Hex;
  readonly receipt: Hex;
}

/** Owner to anyone: all that submitting takes. */
export interface RoundProof extends RoundReference {
  readonly proof: Proof;
  readonly result: RoundResult;
}

const head = { version: z.literal(1), chainId: z.int().min(1), rewards: hexSchema(20), roundId: roundIdSchema };

const samplesSchema: z.ZodType<Samples, number[][]> = z
  .array(
    z.array(
      z
        .int()
        .min(0)
        .max(2 ** 16 - 1),
    ),
  )
  .transform((rows) => ({ rows: rows.map((row) => Uint16Array.from(row)) })) as z.ZodType<Samples, number[][]>;

const disclosureSchema = z.strictObject({
  format: z.literal("zkcmp-disclosure"),
  ...head,
  payee: hexSchema(20),
  salt: fieldSchema,
  commitment: fieldSchema,
  rows: samplesSchema,
});

const receiptSchema = z.strictObject({
  format: z.literal("zkcmp-receipt"),
  ...head,
  payee: hexSchema(20),
  commitment: fieldSchema,
  receipt: hexSchema(),
});

const integer = (bits: number) =>
  z
    .string()
    .regex(/^(0|-?[1-9][0-9]{0,77})$/)
    .transform(BigInt)
    .refine((value) => value >> BigInt(bits) === 0n || value >> BigInt(bits) === -1n, `expected at most ${bits} bits`);

const consentSchema = z.strictObject({
  format: z.literal("zkcmp-consent"),
  ...head,
  consent: z.strictObject({
    payee: hexSchema(20),
    commitment: fieldSchema,
    nonce: integer(256).refine((nonce) => nonce >= 0n),
    deadline: z.int().min(1),
  }),
  signature: hexSchema(),
  receipt: hexSchema(),
});

const proofSchema = z.strictObject({
  format: z.literal("zkcmp-round-proof"),
  ...head,
  proof: hexSchema(PROOF_BYTES),
  result: z.strictObject({
    values: z.array(integer(61)).min(1).max(12),
    modelCommitment: fieldSchema,
    loss: fieldSchema,
  }),
});

export function encodeDisclosure({ payee, salt, commitment, samples, ...round }: Disclosure): string {
  return encode("zkcmp-disclosure", round, {
    payee,
    salt: fieldToHex(salt),
    commitment: fieldToHex(commitment),
    rows: samplesToJson(samples),
  });
}

/** @param name stands for the source in errors @throws FileFormatError */
export function parseDisclosure(json: unknown, name: string): Disclosure {
  const what = "the disclosure that `zkcmp round samples` wrote";
  const { rows, payee, salt, commitment, ...rest } = checkJson(json, name, what, disclosureSchema);
  return { ...referenceOf(rest), payee, salt, commitment, samples: rows };
}

export function encodeReceipt({ payee, commitment, receipt, ...round }: ReceiptMessage): string {
  return encode("zkcmp-receipt", round, { payee, commitment: fieldToHex(commitment), receipt });
}

const RECEIPT = "the receipt that `zkcmp round accept` wrote";

/** {@link parseReceipt} of a file's text. @throws FileFormatError */
export function decodeReceipt(text: string, name: string): ReceiptMessage {
  return parseReceipt(parseJson(text, name, RECEIPT, z.unknown()), name);
}

/** @throws FileFormatError */
export function parseReceipt(json: unknown, name: string): ReceiptMessage {
  const file = checkJson(json, name, RECEIPT, receiptSchema);
  return { ...referenceOf(file), payee: file.payee, commitment: file.commitment, receipt: file.receipt };
}

export function encodeConsent({ consent, signature, receipt, ...round }: ConsentMessage): string {
  const { nonce, commitment } = consent;
  const json = { ...consent, nonce: nonce.toString(), commitment: fieldToHex(commitment) };
  return encode("zkcmp-consent", round, { consent: json, signature, receipt });
}

const CONSENT = "the consent that `zkcmp round register --consent-only` wrote";

/** {@link parseConsent} of a file's text. @throws FileFormatError */
export function decodeConsent(text: string, name: string): ConsentMessage {
  return parseConsent(parseJson(text, name, CONSENT, z.unknown()), name);
}

/** @throws FileFormatError */
export function parseConsent(json: unknown, name: string): ConsentMessage {
  const file = checkJson(json, name, CONSENT, consentSchema);
  return { ...referenceOf(file), consent: file.consent, signature: file.signature, receipt: file.receipt };
}

export function encodeRoundProof({ proof, result, ...round }: RoundProof): string {
  return encode("zkcmp-round-proof", round, {
    proof: toHex(encodeProof(proof)),
    result: {
      values: result.values.map(String),
      modelCommitment: fieldToHex(result.modelCommitment),
      loss: fieldToHex(result.loss),
    },
  });
}

/** @throws FileFormatError */
export function parseRoundProof(json: unknown, name: string): RoundProof {
  const file = checkJson(json, name, "the proof that `zkcmp round prove` wrote", proofSchema);
  return { ...referenceOf(file), proof: decodeProof(fromHex(file.proof)), result: file.result };
}

/** Eight words of a proof as the contract takes them (EIP-197). */
export function proofWords(proof: Proof): bigint[] {
  const hex = toHex(encodeProof(proof)).slice(2);
  return Array.from({ length: PROOF_BYTES / 32 }, (_, i) => BigInt(`0x${hex.slice(64 * i, 64 * (i + 1))}`));
}

/** Rows as JSON; {@link samplesFromJson} reads them. */
export function samplesToJson({ rows }: Samples): number[][] {
  return rows.map((row) => [...row]);
}

/** @throws FileFormatError */
export function samplesFromJson(json: unknown, name: string): Samples {
  return checkJson(json, name, "rows of unsigned digits", samplesSchema);
}

function referenceOf({ chainId, rewards, roundId }: RoundReference): RoundReference {
  return { chainId, rewards, roundId };
}

function encode(format: string, { chainId, rewards, roundId }: RoundReference, content: object): string {
  const file = { format, version: 1, chainId, rewards, roundId: roundIdToHex(roundId), ...content };
  return `${JSON.stringify(file)}\n`;
}
