import type { RestoredJournal } from "@zkcmp/chain/journal-backup";
import type { NamedKey } from "@zkcmp/chain/x25519-keys";
import type { Session } from "./session.ts";

/** A file that the user gave, as text. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** What this browser gives the page to keep its files in. */
export interface StorageView {
  /** Whether the browser promises not to clear it by itself; null where it does not tell. */
  readonly persisted: boolean | null;
  /** Bytes, rough; null where the browser does not tell. */
  readonly used: number | null;
  readonly quota: number | null;
}

/** What the page asks about the keys and the journal of this browser. Keys leave it as downloads alone. */
export class KeysDesk {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** All X25519 keys, without their secret halves. */
  async list(): Promise<NamedKey[]> {
    return (await this.#keys()).list();
  }

  /** @throws {KeyNameError} if the name is none, or taken */
  async create(name: string): Promise<NamedKey> {
    return (await this.#keys()).create(name);
  }

  /** The text of a key's file, a secret, in the format of `zkcmp keys create`. */
  async backup(name: string): Promise<string> {
    return (await this.#keys()).backup(name);
  }

  /** Puts a key back, never over another one. @throws {KeyNameError}, {FileFormatError} */
  async restore(name: string, file: NamedText): Promise<NamedKey> {
    return (await this.#keys()).restore(name, file.text, file.name);
  }

  /** All files of the journal in one text: secrets of sales and purchases are in it. */
  async exportJournal(): Promise<string> {
    const { exportJournal } = await import("@zkcmp/chain/journal-backup");
    return exportJournal(this.#session.journal);
  }

  /**
   * Puts back what is missing here. A file that is here stays as it is. Purchases find their X25519 keys among those of this browser.
   * @throws {JournalBackupError} if it is no backup, or damaged: nothing was restored then
   */
  async importJournal(file: NamedText): Promise<RestoredJournal> {
    const { importJournal } = await import("@zkcmp/chain/journal-backup");
    const keys = await this.list();
    return importJournal(this.#session.journal, file.text, {
      keyPathOf: async (wanted) => keys.find(({ publicKey }) => publicKey === wanted)?.path ?? null,
    });
  }

  /**
   * Takes Groth16 keys from a file that `zkcmp setup key verify` wrote, for rounds and sales. Development keys in it are left out,
   * unless the page is on a development chain.
   * @returns names of the circuits
   * @throws {TrustStoreError} if it is no such file, has no such key, or says something else of a key than this browser
   */
  async trust(file: NamedText): Promise<{ circuits: readonly string[] }> {
    const { TrustStore } = await import("./trust-store.ts");
    const connection = await this.#session.connection();
    const keys = await new TrustStore(this.#session).take(connection, file.text, file.name);
    return { circuits: keys.map(({ circuit }) => circuit) };
  }

  async storage(): Promise<StorageView> {
    const storage = (globalThis.navigator as Navigator | undefined)?.storage;
    const estimate = await storage?.estimate?.();
    return {
      persisted: (await storage?.persisted?.()) ?? null,
      used: estimate?.usage ?? null,
      quota: estimate?.quota ?? null,
    };
  }

  async #keys() {
    const { X25519Keys } = await import("@zkcmp/chain/x25519-keys");
    return new X25519Keys(this.#session.journal);
  }
}
