import { HDNodeWallet } from "ethers";
import type { Address } from "@zkcmp/sale/order";
import { type Account, walletAddress, WalletError } from "./account.ts";
import { type Connection, isDevelopmentChain } from "./network-connection.ts";

/** Published for all to know, as the one of every Ethereum development node. */
export const DEVELOPMENT_MNEMONIC = "test test test test test test test test test test test junk";

/** How many accounts of the development mnemonic are used; the embedded chain gives each 10,000 ether. */
export const DEVELOPMENT_ACCOUNTS = 10;

/** Development nodes fund this many, so all of them are known to thieves. */
const PUBLISHED_ACCOUNTS = 20;

/**
 * The `index`-th account of the development mnemonic.
 * @param index 0 to DEVELOPMENT_ACCOUNTS - 1
 * @throws {WalletError} on any chain that is not a development chain
 */
export function developmentAccount(connection: Pick<Connection, "chainId">, index: number): HDNodeWallet {
  if (!isDevelopmentChain(connection.chainId)) {
    throw new WalletError(
      `chain ${connection.chainId} is no development chain, and the development accounts' keys are published`,
      "Name a keystore file with --account.",
    );
  }
  if (!Number.isInteger(index) || index < 0 || index >= DEVELOPMENT_ACCOUNTS) {
    throw new WalletError(
      `there is no development account ${index}`,
      `Choose one from 0 to ${DEVELOPMENT_ACCOUNTS - 1}.`,
    );
  }
  return publishedAccounts().deriveChild(index);
}

/** Private keys of all development accounts, published with their mnemonic. */
export function developmentKeys(): string[] {
  const accounts = publishedAccounts();
  return Array.from({ length: DEVELOPMENT_ACCOUNTS }, (_, index) => accounts.deriveChild(index).privateKey);
}

/**
 * Whoever signs with it, from a keystore or in a wallet.
 * @throws {WalletError} if everybody has the account's key, and the chain is no development chain
 */
export function refusePublishedAccount(
  account: Pick<Account, "address">,
  { chainId }: Pick<Connection, "chainId">,
): void {
  if (isDevelopmentChain(chainId)) return;
  const address = walletAddress(account);
  if (!publishedAddresses().has(address)) return;
  throw new WalletError(
    `${address} is a development account: everybody has its key`,
    "Make an account of your own with `zkcmp keys create`, or choose another one in your wallet.",
  );
}

/** Derived once: twenty take a moment. */
let published: ReadonlySet<Address> | undefined;

function publishedAddresses(): ReadonlySet<Address> {
  const derive = (): Set<Address> => {
    const parent = publishedAccounts();
    const accounts = Array.from({ length: PUBLISHED_ACCOUNTS }, (_, index) => parent.deriveChild(index));
    return new Set(accounts.map(walletAddress));
  };
  return (published ??= derive());
}

function publishedAccounts(): HDNodeWallet {
  return HDNodeWallet.fromPhrase(DEVELOPMENT_MNEMONIC, "", "m/44'/60'/0'/0");
}
