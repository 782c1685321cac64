import { readFile } from "node:fs/promises";
import { type BaseWallet, encryptKeystoreJson, HDNodeWallet, isError, Wallet } from "ethers";
import { ZkcmpError } from "@zkcmp/field/error";
import type { Address } from "@zkcmp/sale/order";
import { type Connection, isDevelopmentChain } from "./network-connection.ts";
import { createPrivateFile } from "./private-file.ts";

/** An account cannot be opened, or must not be used on this chain. */
export class WalletError extends ZkcmpError {}

/** Where a keystore's password comes from; the first that is given counts, in this order. */
export interface PasswordSource {
  /** A file whose first line is the password. */
  readonly file?: string | undefined;
  /** The environment to look for ZKCMP_PASSWORD in. */
  readonly environment?: NodeJS.ProcessEnv | undefined;
  readonly prompt?: (() => Promise<string>) | undefined;
}

/** Published for all to know, as the one of every Ethereum development node. */
export const DEVELOPMENT_MNEMONIC = "test test test test test test test test test test test junk";

/** How many accounts of the development mnemonic are used; the embedded chain gives each 10,000 ether. */
export const DEVELOPMENT_ACCOUNTS = 10;

/** Development nodes fund this many, so all of them are known to thieves. */
const PUBLISHED_ACCOUNTS = 20;

const SHORTEST_PASSWORD = 8;

/**
 * Opens an encrypted JSON keystore (Web3 Secret Storage, version 3).
 * @throws {WalletError} for a missing or malformed file, no or a wrong password, or a published account on a live chain
 */
export async function openKeystore(
  path: string,
  password: PasswordSource,
  connection: Connection,
): Promise<BaseWallet> {
  let json: string;
  try {
    json = await readFile(path, "utf8");
  } catch {
    throw new WalletError(
      `the keystore ${path} cannot be read`,
      "Name a keystore file, or make one with `zkcmp keys create`.",
    );
  }
  const secret = await readPassword(password);
  let wallet: BaseWallet;
  try {
    wallet = await Wallet.fromEncryptedJson(json, secret);
  } catch (error) {
    // ethers' own message may hold the file.
    const wrong = isError(error, "INVALID_ARGUMENT") && error.shortMessage === "incorrect password";
    throw wrong
      ? new WalletError(`the password does not open the keystore ${path}`, "Try again with the right one.")
      : new WalletError(`${path} is not an encrypted JSON keystore`, "Name a keystore file of version 3.");
  }
  refusePublishedAccount(wallet, connection);
  return wallet;
}

/**
 * Makes a new account and writes its keystore, mode 0600, never over a file that exists.
 * @param cost scrypt's N; less than the default is for tests alone
 * @throws {WalletError} if the file exists or the password is shorter than 8 characters
 */
export async function createKeystore(path: string, password: PasswordSource, cost = 2 ** 17): Promise<Address> {
  const secret = await readPassword(password);
  if (secret.length < SHORTEST_PASSWORD) {
    throw new WalletError(`the password has fewer than ${SHORTEST_PASSWORD} characters`, "Choose a longer one.");
  }
  const wallet = Wallet.createRandom();
  const json = await encryptKeystoreJson({ address: wallet.address, privateKey: wallet.privateKey }, secret, {
    scrypt: { N: cost, r: 8, p: 1 },
  });
  if (!(await createPrivateFile(path, `${json}\n`))) {
    throw new WalletError(`${path} exists already`, "Choose another file: an account is never overwritten.");
  }
  return walletAddress(wallet);
}

/**
 * The `index`-th account of the development mnemonic.
 * @param index 0 to DEVELOPMENT_ACCOUNTS - 1
 * @throws {WalletError} on any chain that is not a development chain
 */
export function developmentAccount(connection: Pick<Connection, "chainId">, index: number): BaseWallet {
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

/** The address as orders and bundles write it: lower case. */
export function walletAddress(wallet: BaseWallet): Address {
  return wallet.address.toLowerCase() as Address;
}

function publishedAccounts(): HDNodeWallet {
  return HDNodeWallet.fromPhrase(DEVELOPMENT_MNEMONIC, "", "m/44'/60'/0'/0");
}

function refusePublishedAccount(wallet: BaseWallet, connection: Connection): void {
  if (isDevelopmentChain(connection.chainId)) return;
  const parent = publishedAccounts();
  for (let index = 0; index < PUBLISHED_ACCOUNTS; index++) {
    if (parent.deriveChild(index).address === wallet.address) {
      throw new WalletError(
        `${walletAddress(wallet)} is a development account: everybody has its key`,
        "Make an account of your own with `zkcmp keys create`.",
      );
    }
  }
}

async function readPassword({ file, environment, prompt }: PasswordSource): Promise<string> {
  if (file !== undefined) {
    try {
      return (await readFile(file, "utf8")).split(/\r?\n/, 1)[0]!;
    } catch {
      throw new WalletError(`the password file ${file} cannot be read`, "Name a file that exists.");
    }
  }
  const fromEnvironment = environment?.ZKCMP_PASSWORD;
  if (fromEnvironment !== undefined) return fromEnvironment;
  if (prompt !== undefined) return prompt();
  throw new WalletError(
    "there is no password for the keystore",
    "Give --password-file, set ZKCMP_PASSWORD, or run it in a terminal to be asked.",
  );
}
