import type { BaseWallet } from "ethers";
import { ZkcmpError } from "@zkcmp/field/error";
import type { Address } from "@zkcmp/sale/order";
import type { Connection } from "./network-connection.ts";

/** An account cannot be opened, or must not be used on this chain. */
export class WalletError extends ZkcmpError {}

/** Where a keystore's password comes from; the first that is given counts, in this order. */
export interface PasswordSource {
  readonly file?: string;
  /** The environment to look for ZKCMP_PASSWORD in. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly prompt?: () => Promise<string>;
}

/** Published for all to know: "test test test test test test test test test test test junk". */
export const DEVELOPMENT_MNEMONIC = "test test test test test test test test test test test junk";

/** How many accounts of the development mnemonic the embedded chain funds (10,000 ether each). */
export const DEVELOPMENT_ACCOUNTS = 10;

/**
 * Opens an encrypted JSON keystore (Web3 Secret Storage, version 3).
 * @throws {WalletError} for a missing or malformed file, no or a wrong password, or a development account on a live chain
 */
export async function openKeystore(
  path: string,
  password: PasswordSource,
  connection: Connection,
): Promise<BaseWallet> {
  throw new WalletError(path, `to come ${password.file} ${connection.chainId}`);
}

/**
 * Makes a new account and writes its keystore, mode 0600, never over a file that exists.
 * @throws {WalletError} if the file exists or the password is shorter than 8 characters
 */
export async function createKeystore(path: string, password: PasswordSource): Promise<Address> {
  throw new WalletError(path, `to come ${password.file}`);
}

/**
 * The `index`-th account of the development mnemonic.
 * @param index 0 to DEVELOPMENT_ACCOUNTS - 1
 * @throws {WalletError} on any chain that is not a development chain
 */
export function developmentAccount(connection: Connection, index: number): BaseWallet {
  throw new WalletError(`to come ${connection.chainId}`, `${index}`);
}

/** The address as orders and bundles write it: lower case. */
export function walletAddress(wallet: BaseWallet): Address {
  return wallet.address.toLowerCase() as Address;
}
