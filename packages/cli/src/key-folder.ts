import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { createKeystore, type PasswordSource } from "@zkcmp/chain/wallet";
import { readX25519Key, writeX25519Key } from "@zkcmp/chain/x25519-key-file";
import { readJsonFile } from "@zkcmp/network/json-file";
import { createX25519KeyPair, type X25519KeyPair } from "@zkcmp/sale/buyer-key";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import * as z from "zod";
import { FileError, KeyError, UsageError } from "./cli-error.ts";
import { writeSecretFile } from "./file.ts";

const X25519_SUFFIX = ".x25519.json";
const KEYSTORE_SUFFIX = ".keystore.json";
const BACKUP_FILE = "a backup of `zkcmp keys backup` (format zkcmp-key-backup, version 1)";

const hexText = z.string().regex(/^([0-9a-f]{2})+$/);
const backupFileSchema = z.strictObject({
  format: z.literal("zkcmp-key-backup"),
  version: z.literal(1),
  scrypt: z.strictObject({ n: z.literal(1 << 17), r: z.literal(8), p: z.literal(1), salt: hexText }),
  /** AES-256-GCM. */
  cipher: z.strictObject({ iv: hexText, text: hexText, tag: hexText }),
});
const backupContentSchema = z.record(z.string().regex(/^[\w.-]+\.json$/), z.string());

/** What lies under one name. */
export interface NamedKeys {
  readonly name: string;
  /** The X25519 public key. */
  readonly publicKey: Hex | null;
  /** The account of the keystore, from its plain part. */
  readonly account: Hex | null;
}

/** The folder of a user's own keys: X25519 keys and encrypted Ethereum keystores, each under a name. Mode 0600. */
export class KeyFolder {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  x25519Path(name: string): string {
    return join(this.folder, checkedName(name) + X25519_SUFFIX);
  }

  keystorePath(name: string): string {
    return join(this.folder, checkedName(name) + KEYSTORE_SUFFIX);
  }

  /** @throws FileFormatError if there is a key of this name: keys are never overwritten */
  async createX25519(name: string): Promise<X25519KeyPair> {
    const pair = createX25519KeyPair();
    await this.#makeFolder();
    await writeX25519Key(this.x25519Path(name), pair);
    return pair;
  }

  /** A new account. @throws WalletError */
  async createAccount(name: string, password: PasswordSource): Promise<Address> {
    await this.#makeFolder();
    return createKeystore(this.keystorePath(name), password);
  }

  /** @throws {FileError} if there is an X25519 key of this name */
  expectFree(name: string): void {
    const path = this.x25519Path(name);
    if (existsSync(path)) {
      throw new FileError(`${path} exists already`, "Choose another name; keys are never overwritten.");
    }
  }

  async list(): Promise<NamedKeys[]> {
    const files = await this.#files();
    const names = new Set(files.map((file) => file.replace(/\.(x25519|keystore)\.json$/, "")));
    return Promise.all(
      [...names].map(async (name) => ({
        name,
        publicKey: files.includes(name + X25519_SUFFIX) ? (await readX25519Key(this.x25519Path(name))).publicKey : null,
        account: files.includes(name + KEYSTORE_SUFFIX) ? await accountOf(this.keystorePath(name)) : null,
      })),
    );
  }

  /**
   * The X25519 key of a name, or in a file.
   * @returns the pair and the path of its file
   * @throws FileFormatError, KeyError
   */
  async x25519(nameOrPath: string): Promise<{ pair: X25519KeyPair; path: string }> {
    const named = /^[\w-]+$/.test(nameOrPath) ? this.x25519Path(nameOrPath) : null;
    const path = named !== null && existsSync(named) ? named : nameOrPath;
    if (!existsSync(path)) {
      throw new KeyError(
        `there is no X25519 key ${nameOrPath}`,
        "Make one with `zkcmp keys create`, or name a key or its file.",
      );
    }
    return { pair: await readX25519Key(path), path: resolve(path) };
  }

  /** All key files in one text, encrypted with scrypt (RFC 7914) and AES-256-GCM. */
  async backup(password: string): Promise<string> {
    const files = await this.#files();
    if (files.length === 0)
      throw new KeyError(`there are no keys in ${this.folder}`, "Make some with `zkcmp keys create`.");
    const entries = await Promise.all(
      files.map(async (file) => [file, await readFile(join(this.folder, file), "utf8")] as const),
    );
    const salt = randomBytes(32);
    const iv = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", stretch(password, salt), iv);
    const text = Buffer.concat([cipher.update(JSON.stringify(Object.fromEntries(entries)), "utf8"), cipher.final()]);
    const file: z.input<typeof backupFileSchema> = {
      format: "zkcmp-key-backup",
      version: 1,
      scrypt: { ...SCRYPT, salt: salt.toString("hex") },
      cipher: { iv: iv.toString("hex"), text: text.toString("hex"), tag: cipher.getAuthTag().toString("hex") },
    };
    return `${JSON.stringify(file, null, 2)}\n`;
  }

  /**
   * Puts the keys of a backup back. A key that is here already and the same is left; a different one is an error.
   * @returns the names of the files that were written
   */
  async restore(path: string, password: string): Promise<string[]> {
    const file = await readJsonFile(path, BACKUP_FILE, backupFileSchema);
    const bytes = (text: string): Buffer => Buffer.from(text, "hex");
    let content: string;
    try {
      const key = stretch(password, bytes(file.scrypt.salt));
      const decipher = createDecipheriv("aes-256-gcm", key, bytes(file.cipher.iv), { authTagLength: 16 });
      decipher.setAuthTag(bytes(file.cipher.tag));
      content = decipher.update(file.cipher.text, "hex", "utf8") + decipher.final("utf8");
    } catch {
      throw new KeyError(`the password does not open ${path}`, "Give the password that the backup was made with.");
    }
    const entries = Object.entries(backupContentSchema.parse(JSON.parse(content)));
    const missing: [string, string][] = [];
    for (const [name, text] of entries) {
      const target = join(this.folder, basename(name));
      if (!existsSync(target)) missing.push([target, text]);
      else if ((await readFile(target, "utf8")) !== text) {
        throw new FileError(`${target} exists already and is another key`, "Move it away; keys are never overwritten.");
      }
    }
    await this.#makeFolder();
    for (const [target, text] of missing) await writeSecretFile(target, text);
    return missing.map(([target]) => target);
  }

  async #files(): Promise<string[]> {
    if (!existsSync(this.folder)) return [];
    const files = await readdir(this.folder);
    return files.filter((file) => file.endsWith(X25519_SUFFIX) || file.endsWith(KEYSTORE_SUFFIX)).sort();
  }

  async #makeFolder(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
  }
}

async function accountOf(path: string): Promise<Hex | null> {
  const { address } = await readJsonFile(
    path,
    "an Ethereum keystore",
    z.looseObject({ address: z.string().optional() }),
  );
  const digits = address?.toLowerCase().replace(/^0x/, "");
  return digits !== undefined && /^[0-9a-f]{40}$/.test(digits) ? `0x${digits}` : null;
}

function checkedName(name: string): string {
  // Numbers name development accounts.
  if (/^(?![0-9]+$)[\w-]{1,64}$/.test(name)) return name;
  throw new UsageError(
    `"${name}" cannot be the name of a key`,
    "Use up to 64 letters, digits, - and _, and not digits alone.",
  );
}

const SCRYPT = { n: 1 << 17, r: 8, p: 1 } as const;

function stretch(password: string, salt: Uint8Array): Buffer {
  const { n, r, p } = SCRYPT;
  return scryptSync(password.normalize("NFKC"), salt, 32, { N: n, r, p, maxmem: 256 * n * r });
}
