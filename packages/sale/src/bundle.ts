import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { FieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import * as z from "zod";
import { type Core, coreSchema, coreToJson } from "./core.ts";
import { type Split, splitSchema, splitToJson } from "./deal.ts";
import { fieldSchema, fieldToHex, type Hex, hexSchema, toHex } from "./hex.ts";
import { type Address, orderToJson, type SignedOrder, signedOrderSchema } from "./order.ts";
import { type SampleTranscript, sampleTranscriptSchema } from "./sampling.ts";

/** What the seller hands the buyer: everything needed to check the sale, and nothing that opens the model. */
export interface Bundle {
  readonly signedOrder: SignedOrder;
  readonly core: Core;
  readonly seller: Address;
  readonly split: Split;
  readonly dealId: FieldElement;
  readonly ciphertext: readonly FieldElement[];
  readonly proof: Hex;
  /** null where all rows are proven. */
  readonly sampling: SampleTranscript | null;
}

/** A bundle file that is damaged or not one. */
export class BundleError extends ZkcmpError {}

const contentSchema = z.strictObject({
  order: signedOrderSchema,
  core: coreSchema,
  seller: hexSchema(20),
  split: splitSchema,
  dealId: fieldSchema,
  ciphertext: z.array(fieldSchema).min(1),
  proof: hexSchema(),
  sampling: sampleTranscriptSchema.nullable(),
});

const fileSchema = z.strictObject({
  format: z.literal("zkcmp-bundle"),
  version: z.literal(2),
  /** SHA-256 of the content as canonical JSON. */
  sha256: hexSchema(32),
  content: z.unknown(),
});

/** JSON without white space, keys sorted at every depth: one text for one value (RFC 8785). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`);
    return `{${entries.join(",")}}`;
  }
  return JSON.stringify(value);
}

function contentToJson(bundle: Bundle): z.input<typeof contentSchema> {
  return {
    order: { order: orderToJson(bundle.signedOrder.order), signature: bundle.signedOrder.signature },
    core: coreToJson(bundle.core),
    seller: bundle.seller,
    split: splitToJson(bundle.split),
    dealId: fieldToHex(bundle.dealId),
    ciphertext: bundle.ciphertext.map(fieldToHex),
    proof: bundle.proof,
    sampling:
      bundle.sampling === null
        ? null
        : {
            ...bundle.sampling,
            openings: bundle.sampling.openings.map((opening) => ({ ...opening, path: [...opening.path] })),
          },
  };
}

function contentDigest(content: unknown): Hex {
  return toHex(sha256(utf8ToBytes(canonicalJson(content))));
}

/**
 * The text of a bundle file (docs/bundle.md).
 * @throws {BundleError} if no reader would take it, above all if an object in it carries more than its type says: the
 * seller's claim, say, in the place of a transcript, would hand all its secrets over
 */
export function encodeBundle(bundle: Bundle): string {
  const content = contentToJson(bundle);
  const readable = contentSchema.safeParse(content);
  if (!readable.success) {
    throw new BundleError(`the bundle is malformed at ${firstIssue(readable.error)}`, "Nothing was written.");
  }
  const digest = contentDigest(content);
  return `${JSON.stringify({ format: "zkcmp-bundle", version: 2, sha256: digest, content }, null, 1)}\n`;
}

/**
 * Reads the text of a bundle file. The content hash shows damage in transport; that the content is true is for
 * `verifyBundle` to say. Nothing in the text is passed over: two readers of one file see the same bundle.
 * @throws {BundleError} if it is no JSON, of another version, damaged, or a field is missing, unknown, repeated or
 * malformed
 */
export function decodeBundle(text: string): Bundle {
  const again = "Ask the seller for the bundle again.";
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new BundleError("the bundle is not whole: its text is no JSON", again);
  }
  const file = fileSchema.safeParse(json);
  if (!file.success) throw new BundleError(`this is not a zkcmp bundle of version 2: ${firstIssue(file.error)}`, again);
  const content = contentSchema.safeParse(file.data.content);
  if (!content.success) throw new BundleError(`the bundle is malformed at ${firstIssue(content.error)}`, again);
  // Only now is the depth of the JSON known to be small, so that the functions below cannot exhaust the stack.
  if (contentDigest(file.data.content) !== file.data.sha256) {
    throw new BundleError("the bundle is damaged: its content does not have the hash that it names", again);
  }
  const { order: signedOrder, ...rest } = content.data;
  const bundle = { signedOrder, ...rest };
  // JSON.parse takes the last of two fields of one name and reads 1.0 as 1; the schema skips a name `__proto__`.
  const isWholeText = withoutSpace(JSON.stringify(json)) === withoutSpace(text);
  if (!isWholeText || canonicalJson(contentToJson(bundle)) !== canonicalJson(file.data.content)) {
    throw new BundleError("the bundle repeats a field, or writes a value in another than its one form", again);
  }
  return bundle;
}

function withoutSpace(json: string): string {
  return json.replaceAll(/[ \t\n\r]+/g, "");
}

/** The seller writes the file, so what is quoted of it must not steer the buyer's terminal. */
function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]!;
  const text = `${issue.path.join(".") || "the top level"}: ${issue.message}`;
  return text.slice(0, 200).replaceAll(/[^\x20-\x7e]/g, "?");
}
