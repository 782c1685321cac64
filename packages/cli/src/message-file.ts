import { readJsonText } from "@zkcmp/network/json-file";
import {
  decodeNonce,
  decodeReveal,
  decodeRoot,
  NONCE_MESSAGE,
  type NonceMessage,
  REVEAL_MESSAGE,
  type RevealMessage,
  ROOT_MESSAGE,
  type RootMessage,
} from "@zkcmp/sale/sale-message";

/** @throws FileFormatError, TestSetError */
export async function readReveal(path: string): Promise<RevealMessage> {
  return decodeReveal(await readJsonText(path, REVEAL_MESSAGE), path);
}

/** @throws FileFormatError */
export async function readRoot(path: string): Promise<RootMessage> {
  return decodeRoot(await readJsonText(path, ROOT_MESSAGE), path);
}

/** @throws FileFormatError */
export async function readNonce(path: string): Promise<NonceMessage> {
  return decodeNonce(await readJsonText(path, NONCE_MESSAGE), path);
}
