import type { TestSet } from "@zkcmp/network/testset";
import type { Hex } from "@zkcmp/sale/hex";
import type { Order, SignedOrder } from "@zkcmp/sale/order";
import type { Party } from "../party.ts";

/**
 * Signs an order and writes everything that it hides down before it returns: test set, salt, nonce. Call it once for an order.
 * @param input.order its buyer is the wallet's account, its commitments fit test set, salt and nonce
 * @param input.keyFile path of the X25519 key file whose public key stands in the order
 * @throws {PlacingError} if a part does not fit, or the test set was revealed to a deal before
 */
export async function placeOrder(
  party: Pick<Party, "wallet" | "journal">,
  input: {
    readonly order: Order;
    readonly testSet: TestSet;
    readonly testSetSalt: Hex;
    readonly nonce?: Hex;
    readonly keyFile: string;
  },
): Promise<SignedOrder> {
  throw new Error(`to come ${party.journal.home} ${input.keyFile}`);
}
