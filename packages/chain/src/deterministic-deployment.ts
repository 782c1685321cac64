import { getCreate2Address, keccak256, Transaction } from "ethers";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import type { Account } from "./account.ts";
import { type Connection, waitFor } from "./network-connection.ts";
import { sendTransaction } from "./transaction.ts";

/**
 * A published contract that has the same address on every chain and creates whatever code it is sent behind a salt, at
 * an address that hashes salt and code (EIP-1014). Its own creation is a transaction whose signature was made up, so that nobody
 * has the key of its sender (Nick Johnson's method).
 */
const PROXY = {
  address: "0x4e59b44847b379578588920ca78fbf26c0b4956c",
  creation:
    "0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222222222222222222222222222222222222222222222222222",
} as const;

const SALT: Hex = `0x${"0".repeat(64)}`;

/** The address at which {@link deployDeterministically} creates a code, on every chain. */
export function create2Address(creation: Hex): Address {
  return getCreate2Address(PROXY.address, SALT, keccak256(creation)).toLowerCase() as Address;
}

/**
 * Deploys codes in order, unless they are there already, through the deterministic deployment proxy, which is deployed
 * first where a chain lacks it (0.01 ether to its sender).
 * @throws {OutOfFundsError}, {TransactionError}, {NodeError}
 */
export async function deployDeterministically(
  connection: Connection,
  wallet: Account,
  creations: readonly Hex[],
): Promise<void> {
  const { provider } = connection;
  const isMissing = async (address: string): Promise<boolean> => (await provider.getCode(address)) === "0x";
  if (await isMissing(PROXY.address)) {
    const { from, gasPrice, gasLimit } = Transaction.from(PROXY.creation);
    const missing = (gasPrice ?? 0n) * gasLimit - (await provider.getBalance(from!));
    if (missing > 0n) {
      await sendTransaction(connection, wallet, { to: from as Address, data: "0x", value: missing });
    }
    await provider.send("eth_sendRawTransaction", [PROXY.creation]);
    await waitFor(connection, {}, "the deployment proxy to be created", async () =>
      (await isMissing(PROXY.address)) ? null : true,
    );
  }
  for (const creation of creations) {
    if (await isMissing(create2Address(creation))) {
      const data: Hex = `${SALT}${creation.slice(2)}`;
      await sendTransaction(connection, wallet, { to: PROXY.address, data, value: 0n });
    }
  }
}
