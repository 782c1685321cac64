import { type BuyerMaterial, journalMaterial, revealedMaterial } from "@zkcmp/chain/buyer/buyer-material";
import type { Hex } from "@zkcmp/sale/hex";
import { UsageError } from "./cli-error.ts";
import { readReveal } from "./message-file.ts";
import type { Session } from "./session.ts";

/**
 * The buyer's material of an order: from the journal, or from a reveal file where another machine checks.
 * @param options.x25519 name or file of the key; else the one that the order was placed with
 * @throws {UsageError} if the order is not in the journal and no reveal file is named
 */
export async function buyerMaterial(
  session: Session,
  orderHash: Hex,
  options: { readonly reveal?: string | undefined; readonly x25519?: string | undefined },
): Promise<BuyerMaterial> {
  const { journal } = session;
  const given = options.x25519 === undefined ? null : (await session.keys.x25519(options.x25519)).pair.privateKey;
  if (options.reveal !== undefined) {
    return revealedMaterial(journal, orderHash, await readReveal(options.reveal), given);
  }
  const material = await journalMaterial(journal, orderHash, given);
  if (material !== null) return material;
  throw new UsageError(
    `your journal has no order ${orderHash}`,
    "Name the folder with --home, or the file that `order reveal` wrote with --reveal.",
  );
}
