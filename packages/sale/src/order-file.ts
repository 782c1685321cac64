import { type Encoding, encodingFromJson, encodingToJson } from "@zkcmp/network/encoding";
import { parseJson } from "@zkcmp/network/json-file";
import * as z from "zod";
import { encodingDigest } from "./encoding-digest.ts";
import { checkOrderSignature, orderToJson, type SignedOrder, signedOrderSchema } from "./order.ts";
import { RefusedError } from "./refused-error.ts";

/** What the buyer sends to sellers: the signed order and the rule that turns raw features into integers. */
export interface OrderFile {
  readonly signedOrder: SignedOrder;
  readonly encoding: Encoding | null;
}

/** What it is in errors. */
export const ORDER_FILE = "an order file (format zkcmp-order, version 2)";

const orderFileSchema = z.strictObject({
  format: z.literal("zkcmp-order"),
  version: z.literal(2),
  ...signedOrderSchema.shape,
  encoding: z.unknown(),
});

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
 * Reads the text of an order file and checks that it is the buyer's: its signature, and that the encoding is the one in the order.
 * @param name stands for the text's source in errors
 * @throws FileFormatError, OrderError, RefusedError
 */
export function decodeOrderFile(text: string, name: string): OrderFile {
  const file = parseJson<z.infer<typeof orderFileSchema>>(text, name, ORDER_FILE, orderFileSchema);
  const signedOrder: SignedOrder = { order: file.order, signature: file.signature };
  checkOrderSignature(signedOrder);
  const encoding = file.encoding === null ? null : encodingFromJson(file.encoding, `The encoding in ${name}`);
  if (encodingDigest(encoding) !== file.order.encodingDigest) {
    throw new RefusedError(
      `the encoding in ${name} is not the one that the order names`,
      "Ask the buyer for the order file as `zkcmp order create` wrote it.",
    );
  }
  return { signedOrder, encoding };
}
