import { privateFiles } from "#private-file";
import { FileFormatError } from "@zkcmp/network/json-file";
import { type X25519KeyPair, x25519KeyPairOf } from "@zkcmp/sale/buyer-key";
import { hexSchema } from "@zkcmp/sale/hex";
import * as z from "zod";

const fileSchema = z.strictObject({
  format: z.literal("zkcmp-x25519-key"),
  version: z.literal(1),
  privateKey: hexSchema(32),
  publicKey: hexSchema(32),
});

/** The text of a key file. Its private half is a secret. */
export function encodeX25519Key({ privateKey, publicKey }: X25519KeyPair): string {
  return `${JSON.stringify({ format: "zkcmp-x25519-key", version: 1, privateKey, publicKey }, null, 1)}\n`;
}

/**
 * Reads the text of a key file and checks that the key's halves belong together. Errors never quote the text.
 * @param name stands for the text's source in errors
 * @throws {FileFormatError}
 */
export function decodeX25519Key(text: string, name: string): X25519KeyPair {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const file = fileSchema.safeParse(json);
  if (!file.success || x25519KeyPairOf(file.data.privateKey).publicKey !== file.data.publicKey) {
    throw new FileFormatError(`${name} is not a zkcmp X25519 key file`, "Name the X25519 key file of the order.");
  }
  return { privateKey: file.data.privateKey, publicKey: file.data.publicKey };
}

/**
 * Writes a key pair as JSON, mode 0600, never over a file that exists.
 * @throws {FileFormatError} if one does
 */
export async function writeX25519Key(path: string, pair: X25519KeyPair): Promise<void> {
  if (!(await privateFiles.create(path, encodeX25519Key(pair)))) {
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
  const pair = await findX25519Key(path);
  if (pair === null) throw new FileFormatError(`${path} does not exist`, "Name the X25519 key file of the order.");
  return pair;
}

/** The same where the file may be missing. @returns null if it is */
export async function findX25519Key(path: string): Promise<X25519KeyPair | null> {
  const text = await privateFiles.read(path);
  return text === null ? null : decodeX25519Key(text, path);
}
