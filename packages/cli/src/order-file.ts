import { CanonicalEncoder } from "@zkcmp/field/encoding";
import { type Encoding, encodingFromJson, encodingToJson } from "@zkcmp/network/encoding";
import { readJsonFile } from "@zkcmp/network/json-file";
import { type Hex, toHex } from "@zkcmp/sale/hex";
import { checkOrderSignature, orderToJson, type SignedOrder, signedOrderSchema, ZERO_DIGEST } from "@zkcmp/sale/order";
import { z } from "zod";
import { RefusedError } from "./cli-error.ts";

/** What the buyer sends to sellers: the signed order and the rule that turns raw features into integers. */
export interface OrderFile {
  readonly signedOrder: SignedOrder;
  readonly encoding: Encoding | null;
}

const ORDER_FILE = "an order file (format zkcmp-order, version 2)";

const orderFileSchema = z.strictObject({
  format: z.literal("zkcmp-order"),
  version: z.literal(2),
  ...signedOrderSchema.shape,
  encoding: z.unknown(),
});

/** SHA-256 of an encoding, as it stands in the order; zero if there is none. */
export function encodingDigest(encoding: Encoding | null): Hex {
  if (encoding === null) return ZERO_DIGEST;
  const encoder = new CanonicalEncoder("zkcmp/encoding/v1")
    .unsigned(encoding.inputBits, 1)
    .unsigned(encoding.features, 4);
  if (encoding.pooling === null) encoder.text("none");
  else encoder.text(encoding.pooling.step).unsigned(encoding.pooling.height, 4).unsigned(encoding.pooling.width, 4);
  for (const values of [encoding.offsets, encoding.scales]) {
    encoder.unsigned(values.length, 4);
    for (const value of values) encoder.float(value);
  }
  const { target } = encoding;
  if (target !== undefined) encoder.text("target").unsigned(target.bits, 1).float(target.offset).float(target.scale);
  return toHex(encoder.digest());
}

/** The text of an order file. */
export function encodeOrderFile({ signedOrder, encoding }: OrderFile): string {
  const file: z.input<typeof orderFileSchema> = {
    format: "zkcmp-order",
    version: 2,
    order: orderToJson(signedOrder.order),
    signature: signedOrder.signature,
    encoding: encoding === null ? null : encodingToJson(encoding),
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/**
 * Reads an order file and checks that it is the buyer's: its signature, and that the encoding is the one in the order.
 * @throws FileFormatError, OrderError, RefusedError
 */
export async function readOrderFile(path: string): Promise<OrderFile> {
  const file = await readJsonFile<z.infer<typeof orderFileSchema>>(path, ORDER_FILE, orderFileSchema);
  const signedOrder: SignedOrder = { order: file.order, signature: file.signature };
  checkOrderSignature(signedOrder);
  const encoding = file.encoding === null ? null : encodingFromJson(file.encoding, `The encoding in ${path}`);
  if (encodingDigest(encoding) !== file.order.encodingDigest) {
    throw new RefusedError(
      `the encoding in ${path} is not the one that the order names`,
      "Ask the buyer for the order file as `zkcmp order create` wrote it.",
    );
  }
  return { signedOrder, encoding };
}
