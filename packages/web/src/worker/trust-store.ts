import { type Connection, isDevelopmentChain } from "@zkcmp/chain/network-connection";
import { importTrustedKeys, type TrustedKey } from "@zkcmp/groth16/trust-store";
import { textAt } from "./published-file.ts";
import type { Session } from "./session.ts";

/** The Groth16 keys that were verified by this browser's user, in the journal's home. */
export class TrustStore {
  readonly #session: Pick<Session, "home" | "deployment">;
  #publishedKeys: Promise<void> | null = null;

  constructor(session: Pick<Session, "home" | "deployment">) {
    this.#session = session;
  }

  /** Where the keys are; on development chains with those that the market publishes. @throws {PublishedFileError} */
  async path({ chainId }: Pick<Connection, "chainId">): Promise<string> {
    if (!isDevelopmentChain(chainId)) return this.#path();
    this.#publishedKeys ??= this.#loadPublishedKeys();
    try {
      await this.#publishedKeys;
    } catch (error) {
      this.#publishedKeys = null;
      throw error;
    }
    return this.#path();
  }

  /** Takes the keys of ceremonies from the text of another trust store. Development keys in it are left out. */
  async importCeremonies(text: string, name: string): Promise<readonly Pick<TrustedKey, "circuit">[]> {
    return importTrustedKeys(this.#path(), text, name, "ceremony");
  }

  /** Development keys only: what else a page publishes would be the publisher's choice of whom to trust. */
  async #loadPublishedKeys(): Promise<void> {
    const { trustedKeys } = await this.#session.deployment();
    if (trustedKeys === null) return;
    await importTrustedKeys(this.#path(), await textAt(trustedKeys), trustedKeys, "development");
  }

  #path(): string {
    return `${this.#session.home}/trusted-keys.json`;
  }
}
