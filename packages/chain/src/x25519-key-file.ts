import { FileFormatError } from "@zkcmp/network/json-file";
import { type X25519KeyPair, x25519KeyPairOf } from "@zkcmp/sale/buyer-key";
import { hexSchema } from "@zkcmp/sale/hex";
import { z } from "zod";
import { createPrivateFile, readPrivateFile } from "./private-file.ts";

const fileSchema = z.strictObject({
  format: z.literal("zkcmp-x25519-key"),
  version: z.literal(1),
  privateKey: hexSchema(32),
  publicKey: hexSchema(32),
});

/**
 * Writes a key pair as JSON, mode 0600, never over a file that exists.
 * @throws {FileFormatError} if one does
 */
export async function writeX25519Key(path: string, pair: X25519KeyPair): Promise<void> {
  const { privateKey, publicKey } = pair;
  const text = JSON.stringify({ format: "zkcmp-x25519-key", version: 1, privateKey, publicKey }, null, 1);
  if (!(await createPrivateFile(path, `${text}\n`))) {
    throw new FileFormatError(
      `${path} exists already`,
      "Choose another file: a model that was bought for a lost key stays sealed.",
    );
  }
}

/**
 * Reads a key pair and checks that its halves belong together.
 * @throws {FileFormatError} if the file is missing or not such a key
 * @throws {PrivateFileError} if others may read it
 */
export async function readX25519Key(path: string): Promise<X25519KeyPair> {
  const text = await readPrivateFile(path);
  if (text === null) throw new FileFormatError(`${path} does not exist`, "Name the X25519 key file of the order.");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const file = fileSchema.safeParse(json);
  if (!file.success || x25519KeyPairOf(file.data.privateKey).publicKey !== file.data.publicKey) {
    throw new FileFormatError(`${path} is not a zkcmp X25519 key file`, "Name the X25519 key file of the order.");
  }
  return { privateKey: file.data.privateKey, publicKey: file.data.publicKey };
}
