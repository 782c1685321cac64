import { readFile } from "node:fs/promises";
import { privateFiles } from "#private-file";
import { type BaseWallet, encryptKeystoreJson, isError, Wallet } from "ethers";
import type { Address } from "@zkcmp/sale/order";
import { walletAddress, WalletError } from "./account.ts";
import { refusePublishedAccount } from "./development-account.ts";
import type { Connection } from "./network-connection.ts";

/** Where a keystore's password comes from; the first that is given counts, in this order. */
export interface PasswordSource {
  /** A file whose first line is the password. */
  readonly file?: string | undefined;
  /** The environment to look for ZKCMP_PASSWORD in. */
  readonly environment?: NodeJS.ProcessEnv | undefined;
  readonly prompt?: (() => Promise<string>) | undefined;
}

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
  if (!(await privateFiles.create(path, `${json}\n`))) {
    throw new WalletError(`${path} exists already`, "Choose another file: an account is never overwritten.");
  }
  return walletAddress(wallet);
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
