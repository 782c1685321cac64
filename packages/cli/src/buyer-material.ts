import { existsSync } from "node:fs";
import type { Journal } from "@zkcmp/chain/journal";
import type { FieldElement } from "@zkcmp/field/element";
import { type TestSet, testSetFromJson } from "@zkcmp/network/testset";
import type { Hex } from "@zkcmp/sale/hex";
import { UsageError } from "./cli-error.ts";
import { readReveal } from "./message-file.ts";
import type { Session } from "./session.ts";

/** What a buyer checks a bundle with. */
export interface BuyerMaterial {
  readonly testSet: TestSet;
  readonly salt: Hex;
  /** The X25519 private key, where it is at hand. */
  readonly privateKey: Hex | null;
  /** The one deal that the test set was revealed to; null if it is not known here. */
  readonly revealedTo: FieldElement | null;
  /** The root that came before the nonce was opened; null where none did, or it is not known here. */
  readonly sampleRoot: Hex | null;
}

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
  const own = (await journal.purchases()).includes(orderHash);
  const given = options.x25519 === undefined ? null : (await session.keys.x25519(options.x25519)).pair.privateKey;
  if (options.reveal !== undefined) {
    const { testSet, salt } = await readReveal(options.reveal);
    return {
      testSet,
      salt,
      privateKey: given ?? (own ? await placedKey(session, orderHash) : null),
      revealedTo: null,
      sampleRoot: null,
    };
  }
  if (!own) {
    throw new UsageError(
      `your journal has no order ${orderHash}`,
      "Name the folder with --home, or the file that `order reveal` wrote with --reveal.",
    );
  }
  const { testSet: kept, revealed, root } = await journal.purchase(orderHash);
  return {
    testSet: await ownTestSet(journal, orderHash),
    salt: kept.salt,
    privateKey: given ?? (await placedKey(session, orderHash)),
    revealedTo: revealed?.dealId ?? null,
    sampleRoot: root?.root ?? null,
  };
}

/** The test set of an order of one's own. */
async function ownTestSet(journal: Journal, orderHash: Hex): Promise<TestSet> {
  const { file } = (await journal.purchase(orderHash)).testSet;
  return testSetFromJson(JSON.parse(await journal.kept(file, "the test set")), "The test set in the journal");
}

async function placedKey(session: Session, orderHash: Hex): Promise<Hex | null> {
  const { keyFile } = await session.journal.purchase(orderHash);
  return existsSync(keyFile) ? (await session.keys.x25519(keyFile)).pair.privateKey : null;
}
