/** What the page's first script must know of a deployment, before anything else is loaded. */
export interface NodeEntry {
  readonly chainId: number;
  readonly rpcUrl: string;
}

/** Values of the page's own URL parameters, as they were written. */
export interface AddressParameters {
  readonly rpc: string | null;
  readonly chain: string | null;
  readonly escrow: string | null;
  readonly rewards: string | null;
  readonly block: string | null;
}

export function addressParameters(page: string): AddressParameters {
  const parameters = new URL(page).searchParams;
  return {
    rpc: parameters.get("rpc"),
    chain: parameters.get("chain"),
    escrow: parameters.get("escrow"),
    rewards: parameters.get("rewards"),
    block: parameters.get("block"),
  };
}

/** The deployment that a link means: the one on the chain that it names, else the file's first. */
export function chosenEntry<T extends { readonly chainId: number }>(
  { chain }: Pick<AddressParameters, "chain">,
  entries: readonly T[],
): T | null {
  return (chain === null ? entries[0] : entries.find(({ chainId }) => String(chainId) === chain)) ?? null;
}

/**
 * The one node of this page: the link's, else the chosen deployment's.
 * @returns null if there is none, or its address is not http(s), or plain http to another machine
 */
export function chosenNode(parameters: AddressParameters, entries: readonly NodeEntry[]): URL | null {
  const address = parameters.rpc ?? chosenEntry(parameters, entries)?.rpcUrl;
  const url = typeof address === "string" ? URL.parse(address) : null;
  return url !== null && isNodeUrl(url) ? url : null;
}

/**
 * https, or http on this machine: on the way to any other, an answer could be changed. The host must be one that a
 * content security policy can name: no wildcard, no IPv6.
 */
export function isNodeUrl(url: URL): boolean {
  if (!/^[a-z0-9.-]+$/.test(url.hostname)) return false;
  if (url.protocol === "https:") return true;
  return url.protocol === "http:" && ["localhost", "127.0.0.1"].includes(url.hostname);
}
