import { privateFiles } from "#private-file";
import { ZkcmpError } from "@zkcmp/field/error";
import { type TestSet, testSetToJson } from "@zkcmp/network/testset";
import type { Hex } from "@zkcmp/sale/hex";
import { type Order, orderHash, orderTypedData, type SignedOrder } from "@zkcmp/sale/order";
import { commitNonce } from "@zkcmp/sale/sampling";
import { commitTestSet } from "@zkcmp/sale/test-set-commitment";
import type { Party } from "../party.ts";
import { walletAddress } from "../account.ts";
import { readX25519Key } from "../x25519-key-file.ts";
import { requireUnseenRows } from "./seen-rows.ts";
import { testSetDigest } from "./test-set-digest.ts";

/** An order that its own buyer could not go through with. */
export class PlacingError extends ZkcmpError {}

/** An order and all that it hides. */
export interface OrderInput {
  /** Its buyer is the wallet's account; its commitments fit test set, salt and nonce. */
  readonly order: Order;
  readonly testSet: TestSet;
  readonly testSetSalt: Hex;
  /** Where rows are sampled. */
  readonly nonce?: Hex | undefined;
  /** Path of the X25519 key file whose public key stands in the order. */
  readonly keyFile: string;
}

/**
 * Signs an order and writes all that it hides down before it returns: test set, salt, nonce. Again with the same order:
 * the same signature.
 * @throws {PlacingError} if a part does not fit, or the test set was revealed to a deal before
 * @throws {SeenRowsError} if too many of its rows were
 */
export async function placeOrder(
  { wallet, journal }: Pick<Party, "wallet" | "journal">,
  input: OrderInput,
): Promise<SignedOrder> {
  const { order, testSet, testSetSalt, nonce } = input;
  const hash = orderHash(order);
  const known = await journal.findPurchase(hash);
  if (known !== null) return known.signedOrder;

  const keyFile = privateFiles.absolute(input.keyFile);
  const { publicKey } = await readX25519Key(keyFile);
  const conditions: [boolean, string][] = [
    [order.buyer === walletAddress(wallet), "its buyer is not the account that is to sign it"],
    [order.testSetCommitment === commitTestSet(testSet, testSetSalt), "it commits to another test set or salt"],
    [order.rows === testSet.rows.length, "it names another number of rows than the test set has"],
    [testSet.rows.every((row) => row.length === order.features), "it names another number of features"],
    [order.classes === testSet.classes, "it names another number of classes than the test set"],
    [order.inputBits === testSet.inputBits, "it names other input bits than the test set"],
    [order.buyerKey === publicKey, `its X25519 key is not the one in ${keyFile}`],
    [
      order.sampledRows === 0
        ? nonce === undefined
        : nonce !== undefined && commitNonce(nonce) === order.nonceCommitment,
      "its nonce commitment does not fit the nonce",
    ],
  ];
  for (const [holds, problem] of conditions) {
    if (!holds) throw new PlacingError(`the order does not fit: ${problem}`, "Create the order anew.");
  }
  const rows = testSetDigest(testSet);
  const burnt = await journal.revealedTestSet(rows);
  if (burnt !== null) throw new BurntTestSetError(burnt.orderHash);
  await requireUnseenRows(journal, testSet, hash);

  const { domain, types, message } = orderTypedData(order);
  const signedOrder = { order, signature: (await wallet.signTypedData(domain, types, message)) as Hex };
  const file = await journal.keep(`${JSON.stringify(testSetToJson(testSet))}\n`);
  await journal.createPurchase(hash, { signedOrder, testSet: { file, salt: testSetSalt, rows }, keyFile, nonce });
  return signedOrder;
}

/** One D, one deal: a seller who has seen D can train on it, or pick the luckiest of many models. */
export class BurntTestSetError extends ZkcmpError {
  constructor(orderHash: Hex) {
    super(
      `these test rows were revealed to a deal before, with the order ${orderHash}`,
      "Take fresh rows: whoever has seen them can make a model that only knows them.",
    );
  }
}
