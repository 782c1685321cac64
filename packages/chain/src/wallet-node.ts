import { ZkcmpError } from "@zkcmp/field/error";
import { hasKey, NotSentError, WalletError } from "./account.ts";
import { METHOD_NOT_FOUND, RpcError } from "./json-rpc.ts";
import type { Connection } from "./network-connection.ts";
import type { Party } from "./party.ts";

/** A wallet's code for "not supported" (EIP-1193). */
const UNSUPPORTED = 4200;

/**
 * Asks the wallet's own node what the page's node has said before money moves or a key is shown: a link can choose the page's node,
 * and not the wallet's. Does nothing for an account with a key, whose owner has named the node, and for a wallet that does not read
 * for pages.
 * @param check throws where the answer is not the one that is needed
 * @throws {NotSentError} if the wallet cannot be brought to account and chain
 * @throws {WalletError} with the words of what `check` throws
 */
export async function askWalletNode(
  { connection, wallet }: Party,
  check: (connection: Connection) => Promise<void>,
): Promise<void> {
  if (hasKey(wallet)) return;
  await wallet.prepare(connection.chainId);
  const provider = wallet.node(connection.chainId);
  try {
    await check({ ...connection, provider, relay: provider });
  } catch (error) {
    if (error instanceof RpcError && [METHOD_NOT_FOUND, UNSUPPORTED].includes(error.code)) return;
    if (!(error instanceof ZkcmpError) || error instanceof NotSentError) throw error;
    throw new WalletError(
      `the wallet's own node does not confirm what this page's node says: ${error.problem}`,
      "One of the two is behind, or lies: wait some minutes. If it stays so, find out who has chosen the node in the page's address.",
    );
  } finally {
    provider.destroy();
  }
}
