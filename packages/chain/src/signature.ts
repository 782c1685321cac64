import { Interface, recoverAddress } from "ethers";
import type { FieldElement } from "@zkcmp/field/element";
import type { Hex } from "@zkcmp/sale/hex";
import { type Address, type Order, OrderError, orderHash, type SignedOrder } from "@zkcmp/sale/order";
import { rootHash, SamplingError } from "@zkcmp/sale/sampling";
import { RpcError } from "./json-rpc.ts";
import type { Connection } from "./network-connection.ts";

const erc1271 = new Interface(["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"]);

/** What isValidSignature returns for a good signature: its own selector. */
const MAGIC = "0x1626ba7e";

/** Whether an account signed a digest: as a plain account, or, where it has code, by its own word (ERC-1271). */
export async function isSignedBy(
  { provider }: Pick<Connection, "provider">,
  account: Address,
  digest: Hex,
  signature: Hex,
): Promise<boolean> {
  try {
    if (recoverAddress(digest, signature).toLowerCase() === account) return true;
  } catch {
    // Not the form of a plain account's signature; a contract may still know it.
  }
  if ((await provider.getCode(account)) === "0x") return false;
  try {
    const data = erc1271.encodeFunctionData("isValidSignature", [digest, signature]);
    const answer = (await provider.send("eth_call", [{ to: account, data }, "latest"])) as string;
    return answer.length === 66 && answer.slice(0, 10).toLowerCase() === MAGIC;
  } catch (error) {
    if (error instanceof RpcError) return false;
    throw error;
  }
}

/** @throws {OrderError} if the order is not signed by its buyer, be it a plain account or a contract */
export async function checkOrderOnChain(connection: Connection, { order, signature }: SignedOrder): Promise<void> {
  if (await isSignedBy(connection, order.buyer, orderHash(order), signature)) return;
  throw new OrderError(
    `the order's signature is not that of its buyer ${order.buyer}`,
    "Ask the buyer for the order file as `zkcmp order create` wrote it.",
  );
}

/** @throws {SamplingError} if the root of a deal is not signed by its seller, be it a plain account or a contract */
export async function checkRootOnChain(
  connection: Connection,
  order: Order,
  dealId: FieldElement,
  seller: Address,
  root: { readonly root: Hex; readonly signature: Hex },
): Promise<void> {
  if (await isSignedBy(connection, seller, rootHash(order, dealId, root.root), root.signature)) return;
  throw new SamplingError(
    `the root is not signed by the deal's seller ${seller}`,
    "Ask the seller for the file that `zkcmp sample commit` wrote for this deal.",
  );
}
