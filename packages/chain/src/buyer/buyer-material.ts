import type { FieldElement } from "@zkcmp/field/element";
import { type TestSet, testSetFromJson } from "@zkcmp/network/testset";
import type { Hex } from "@zkcmp/sale/hex";
import type { RevealMessage } from "@zkcmp/sale/sale-message";
import type { Journal } from "../journal.ts";
import { findX25519Key } from "../x25519-key-file.ts";

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
 * The buyer's material of an order, from the journal.
 * @param privateKey an X25519 key to take in the place of the one that the order was placed with
 * @returns null if the order is not in the journal
 * @throws {JournalError}, {FileFormatError}, {PrivateFileError} if the test set or the key is damaged
 */
export async function journalMaterial(
  journal: Journal,
  orderHash: Hex,
  privateKey?: Hex | null,
): Promise<BuyerMaterial | null> {
  const purchase = await journal.findPurchase(orderHash);
  if (purchase === null) return null;
  const { testSet, revealed, root } = purchase;
  const text = await journal.kept(testSet.file, "the test set");
  return {
    testSet: testSetFromJson(JSON.parse(text), "The test set in the journal"),
    salt: testSet.salt,
    privateKey: privateKey ?? (await placedKey(journal, orderHash)),
    revealedTo: revealed?.dealId ?? null,
    sampleRoot: root?.root ?? null,
  };
}

/**
 * The material where the order is not in the journal, or another test set is to be taken: what the buyer revealed. To
 * whom else it was revealed, and which root came first, is not known then.
 * @param privateKey an X25519 key to take in the place of the one that the journal may know
 */
export async function revealedMaterial(
  journal: Journal,
  orderHash: Hex,
  { testSet, salt }: Pick<RevealMessage, "testSet" | "salt">,
  privateKey?: Hex | null,
): Promise<BuyerMaterial> {
  return {
    testSet,
    salt,
    privateKey: privateKey ?? (await placedKey(journal, orderHash)),
    revealedTo: null,
    sampleRoot: null,
  };
}

/** The key that an order was placed with, if order and key are here. */
async function placedKey(journal: Journal, orderHash: Hex): Promise<Hex | null> {
  const purchase = await journal.findPurchase(orderHash);
  const pair = purchase === null ? null : await findX25519Key(purchase.keyFile);
  return pair?.privateKey ?? null;
}
