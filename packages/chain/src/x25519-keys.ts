import { privateFiles } from "#private-file";
import { ZkcmpError } from "@zkcmp/field/error";
import { createX25519KeyPair, type X25519KeyPair } from "@zkcmp/sale/buyer-key";
import type { Hex } from "@zkcmp/sale/hex";
import type { Journal } from "./journal.ts";
import { decodeX25519Key, encodeX25519Key, readX25519Key } from "./x25519-key-file.ts";

/** A key cannot be made, found or put back under this name. Messages never contain a key. */
export class KeyNameError extends ZkcmpError {}

/** One of the user's X25519 keys, without its secret half. */
export interface NamedKey {
  readonly name: string;
  readonly publicKey: Hex;
  /** Its file, as purchases name it. */
  readonly path: string;
  /** Hashes of the journal's orders that are bound to it: what they buy opens with this key alone. */
  readonly orders: readonly Hex[];
}

const SUFFIX = ".json";

/**
 * X25519 keys that live beside a journal, each in a file `keys/NAME.json` of its home, in the format of `zkcmp keys create`. A key
 * is never overwritten, and there is no way to delete one: what was bought with it would stay sealed.
 */
export class X25519Keys {
  readonly #journal: Journal;
  readonly #folder: string;

  constructor(journal: Journal) {
    this.#journal = journal;
    this.#folder = privateFiles.join(journal.home, "keys");
  }

  /** All keys, by name. @throws {FileFormatError} if a file is damaged */
  async list(): Promise<NamedKey[]> {
    const files = await privateFiles.names(this.#folder);
    const names = files.flatMap((file) => (file.endsWith(SUFFIX) ? [file.slice(0, -SUFFIX.length)] : []));
    const orders = await this.#ordersByKey();
    return Promise.all(
      names.sort().map(async (name) => {
        const { publicKey } = await this.pair(name);
        return { name, publicKey, path: this.path(name), orders: orders.get(publicKey) ?? [] };
      }),
    );
  }

  /** @throws {KeyNameError} if the name is none, or taken */
  async create(name: string): Promise<NamedKey> {
    const pair = createX25519KeyPair();
    await this.#write(name, pair);
    return { name, publicKey: pair.publicKey, path: this.path(name), orders: [] };
  }

  /** Both halves. @throws {FileFormatError} if there is no such key */
  async pair(name: string): Promise<X25519KeyPair> {
    return readX25519Key(this.path(name));
  }

  /** The text of a key's file, which is a secret: whoever has it can read what was bought with it. */
  async backup(name: string): Promise<string> {
    return encodeX25519Key(await this.pair(name));
  }

  /**
   * Puts a key back. The same key under the same name is left as it is.
   * @param text what {@link backup} gave, or the file that `zkcmp keys create` wrote
   * @param source stands for the text in errors
   * @throws {KeyNameError} if another key has this name
   * @throws {FileFormatError} if the text is no such key
   */
  async restore(name: string, text: string, source: string): Promise<NamedKey> {
    const pair = decodeX25519Key(text, source);
    const known = (await this.list()).find(({ publicKey }) => publicKey === pair.publicKey);
    if (known !== undefined) return known;
    await this.#write(name, pair);
    const orders = (await this.#ordersByKey()).get(pair.publicKey) ?? [];
    return { name, publicKey: pair.publicKey, path: this.path(name), orders };
  }

  /** The file of a key. @throws {KeyNameError} if the name is none */
  path(name: string): string {
    if (!/^(?![0-9]+$)[\w-]{1,64}$/.test(name)) {
      throw new KeyNameError(
        "this cannot be the name of a key",
        "Use up to 64 letters, digits, - and _, and not digits alone.",
      );
    }
    return privateFiles.join(this.#folder, name + SUFFIX);
  }

  async #write(name: string, pair: X25519KeyPair): Promise<void> {
    const path = this.path(name);
    await privateFiles.makeFolder(this.#folder);
    if (!(await privateFiles.create(path, encodeX25519Key(pair)))) {
      throw new KeyNameError(
        `there is another key with the name ${name}`,
        "Choose another name; keys are never overwritten.",
      );
    }
  }

  async #ordersByKey(): Promise<Map<Hex, Hex[]>> {
    const orders = new Map<Hex, Hex[]>();
    for (const hash of await this.#journal.purchases()) {
      const { buyerKey } = (await this.#journal.purchase(hash)).signedOrder.order;
      orders.set(buyerKey, [...(orders.get(buyerKey) ?? []), hash]);
    }
    return orders;
  }
}
