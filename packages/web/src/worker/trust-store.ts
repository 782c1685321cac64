import { type Connection, isDevelopmentChain } from "@zkcmp/chain/network-connection";
import { importTrustedKeys, listTrustedKeys, type TrustedKey } from "@zkcmp/groth16/trust-store";
import type { Hex } from "@zkcmp/sale/hex";
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

  /**
   * Takes the keys from the text of another trust store, which its user has verified. Development keys in it are left out, unless the
   * page is on a development chain.
   * @throws {TrustStoreError} if it is no such text, or has no such key
   */
  async take(
    { chainId }: Pick<Connection, "chainId">,
    text: string,
    name: string,
  ): Promise<readonly Pick<TrustedKey, "circuit">[]> {
    return importTrustedKeys(this.#path(), text, name, isDevelopmentChain(chainId) ? "any" : "ceremony");
  }

  /** A key that is trusted here, by the SHA-256 of its file; null if there is none. */
  async find(
    connection: Pick<Connection, "chainId">,
    zkeySha256: Hex,
  ): Promise<Omit<TrustedKey, "verificationKey"> | null> {
    const keys = await listTrustedKeys(await this.path(connection));
    return keys.find((key) => `0x${key.zkeySha256}` === zkeySha256) ?? null;
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
