import type { FieldElement } from "@zkcmp/field/element";
import { CanonicalEncoder } from "@zkcmp/field/encoding";
import { type OutputReading, outputReadingSchema } from "@zkcmp/network/output-reading";
import { networkShapeSchema, type NetworkShape } from "@zkcmp/network/shape";
import * as z from "zod";
import { fieldSchema, fieldToHex, fromHex, type Hex, hexSchema } from "./hex.ts";
import { errorBoundSchema, type Predicate, predicateSchema } from "./predicate.ts";

/** Libra first: what a seller who names none gets. */
export const PROOF_SYSTEM_IDS = ["libra", "groth16"] as const;

export type ProofSystemId = (typeof PROOF_SYSTEM_IDS)[number];

/**
 * Everything that the seal and the statement fix. Its digest goes into the offer, so all of it is on chain and final
 * before the seller sees the test set.
 */
export interface Core {
  readonly orderHash: Hex;
  readonly shape: NetworkShape;
  /** Real value of one unit of each layer's pre-activation. */
  readonly scales: readonly number[];
  /** How the output reads as a target digit, for squared-error; null for accuracy. */
  readonly reading: OutputReading | null;
  /** H(c). */
  readonly ciphertextDigest: FieldElement;
  /** E = Poseidon(k, d). */
  readonly keyCommitment: FieldElement;
  /** S = Poseidon(s). */
  readonly bindingCommitment: FieldElement;
  /** The seller's X25519 public key, drawn for this seal alone. */
  readonly ephemeralKey: Hex;
  /** H(D). */
  readonly testSetCommitment: FieldElement;
  /** n. */
  readonly rows: number;
  readonly predicate: Predicate;
  /** T; 0 for squared-error. */
  readonly threshold: number;
  /** In squared target digits; 0 for accuracy. */
  readonly errorBound: bigint;
  /** m, or 0 where all rows are proven. */
  readonly sampledRows: number;
  readonly proofSystem: ProofSystemId;
  /** SHA-256 of the key files, by name: for groth16 the constraint system and the proving key. Empty for libra. */
  readonly keyFiles: Readonly<Record<string, Hex>>;
  /** M, the commitment to the plain model, or 0. */
  readonly modelCommitment: FieldElement;
}

const count = z.int().max(2 ** 32 - 1);

/** Names of key files are shown to the buyer, so they hold nothing that a terminal would obey. */
const keyFileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/, "expected a short plain name");

export const coreSchema = z.strictObject({
  orderHash: hexSchema(32),
  shape: networkShapeSchema,
  scales: z.array(z.number().positive()),
  reading: outputReadingSchema.nullable(),
  ciphertextDigest: fieldSchema,
  keyCommitment: fieldSchema,
  bindingCommitment: fieldSchema,
  ephemeralKey: hexSchema(32),
  testSetCommitment: fieldSchema,
  rows: count.min(1),
  predicate: predicateSchema,
  threshold: count.min(0),
  errorBound: errorBoundSchema,
  sampledRows: count.min(0),
  proofSystem: z.enum(PROOF_SYSTEM_IDS),
  keyFiles: z.record(keyFileName, hexSchema(32)),
  modelCommitment: fieldSchema,
});

/** What {@link coreSchema} reads. */
export function coreToJson(core: Core): z.input<typeof coreSchema> {
  return {
    ...core,
    shape: { ...core.shape, layers: core.shape.layers.map((layer) => ({ ...layer })) },
    scales: [...core.scales],
    reading: core.reading && { ...core.reading },
    errorBound: core.errorBound.toString(),
    keyFiles: { ...core.keyFiles },
    ciphertextDigest: fieldToHex(core.ciphertextDigest),
    keyCommitment: fieldToHex(core.keyCommitment),
    bindingCommitment: fieldToHex(core.bindingCommitment),
    testSetCommitment: fieldToHex(core.testSetCommitment),
    modelCommitment: fieldToHex(core.modelCommitment),
  };
}

/** SHA-256 of the canonical encoding, modulo r. */
export function coreDigest(core: Core): FieldElement {
  const encoder = new CanonicalEncoder("zkcmp/core/v2")
    .bytes(fromHex(core.orderHash))
    .unsigned(core.shape.inputBits, 1)
    .unsigned(core.shape.weightBits, 1)
    .unsigned(core.shape.layers.length, 4);
  for (const layer of core.shape.layers) {
    encoder
      .unsigned(layer.inputs, 4)
      .unsigned(layer.outputs, 4)
      .text(layer.activation)
      .unsigned(layer.shift, 1)
      .unsigned(layer.biasShift, 1);
  }
  encoder.unsigned(core.scales.length, 4);
  for (const scale of core.scales) encoder.float(scale);
  const { multiplier, offset } = core.reading ?? { multiplier: 0, offset: 0 };
  encoder
    .unsigned(multiplier, 8)
    .unsigned(offset, 2)
    .field(core.ciphertextDigest)
    .field(core.keyCommitment)
    .field(core.bindingCommitment)
    .bytes(fromHex(core.ephemeralKey))
    .field(core.testSetCommitment)
    .unsigned(core.rows, 4)
    .text(core.predicate)
    .unsigned(core.threshold, 4)
    .unsigned(core.errorBound, 8)
    .unsigned(core.sampledRows, 4)
    .text(core.proofSystem);
  const names = Object.keys(core.keyFiles).sort();
  encoder.unsigned(names.length, 4);
  for (const name of names) encoder.text(name).bytes(fromHex(core.keyFiles[name]!));
  return encoder.field(core.modelCommitment).digestToField();
}
