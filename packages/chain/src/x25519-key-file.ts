import type { X25519KeyPair } from "@zkcmp/sale/buyer-key";

/** Writes a key pair as JSON, mode 0600, never over a file that exists. @throws {FileFormatError} */
export async function writeX25519Key(path: string, pair: X25519KeyPair): Promise<void> {
  throw new Error(`to come ${path} ${pair.publicKey}`);
}

/** Reads a key pair and checks that its halves belong together. @throws {FileFormatError} */
export async function readX25519Key(path: string): Promise<X25519KeyPair> {
  throw new Error(`to come ${path}`);
}
