import { utf8ToBytes } from "@noble/hashes/utils.js";
import { JsonRpcApiProvider, Network } from "ethers";
import { ZkcmpError } from "@zkcmp/field/error";
import type { Hex } from "@zkcmp/sale/hex";

/** Sends one JSON-RPC request and gives its result. Throws {@link NodeError} or {@link RpcError} and nothing else. */
export type Transport = (method: string, params: unknown[]) => Promise<unknown>;

/** The node does not answer, or answers nonsense. */
export class NodeError extends ZkcmpError {}

/** The node answers that it will not do what was asked. */
export class RpcError extends ZkcmpError {
  readonly code: number;
  /** The node's words, without any long number in them. */
  readonly reason: string;
  /** What a reverted call returned. */
  readonly data: Hex | undefined;

  constructor(method: string, error: { code: number; message: string; data?: unknown }) {
    const reason = withoutSecrets(error.message);
    super(`the node refuses ${method}: ${reason}`, "Correct what it names, or use another node.");
    this.code = error.code;
    this.reason = reason;
    this.data = revertData(error.data);
  }
}

/** JSON-RPC's code for a method that the node does not have. */
export const METHOD_NOT_FOUND = -32601;

/**
 * A node's own words may repeat a request, and a request may hold a key: whatever is longer than an address is cut out.
 */
export function withoutSecrets(text: string): string {
  return text
    .replace(/(?:0x)?[0-9a-fA-F]{41,}/g, "[…]")
    .slice(0, 300)
    .replace(/[.\s]+$/, "");
}

/** Nodes put the revert data directly into `error.data`, or one level deeper. */
function revertData(data: unknown): Hex | undefined {
  const inner = typeof data === "object" && data !== null && "data" in data ? data.data : data;
  return typeof inner === "string" && /^0x(?:[0-9a-f]{2})*$/i.test(inner) ? (inner.toLowerCase() as Hex) : undefined;
}

/**
 * An ethers provider over a transport. Its errors are the transport's: those of ethers carry the whole request in
 * their message, which for a redemption is the key.
 */
export class NodeProvider extends JsonRpcApiProvider {
  readonly #transport: Transport;

  constructor(transport: Transport, chainId: number) {
    // No cache: whoever looks again wants to know what has changed.
    super(Network.from(chainId), { staticNetwork: true, cacheTimeout: -1 });
    this.#transport = transport;
  }

  override async send(method: string, params: unknown[] | Record<string, unknown>): Promise<unknown> {
    return this.#transport(method, params as unknown[]);
  }

  override async _send(): Promise<never> {
    throw new TypeError("requests go through send");
  }
}

/** Seconds that one request may take. */
const REQUEST_TIMEOUT = 30;

/** JSON-RPC over HTTP(S). Errors name the host only: the rest of a node's address often is a password. */
export function httpTransport(url: string): Transport {
  const address = parseUrl(url);
  let id = 0;
  return async (method, params) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params });
    const response = await post(address, body);
    let answer: { result?: unknown; error?: { code: number; message: string; data?: unknown } };
    try {
      answer = (await response.json()) as typeof answer;
    } catch {
      throw new NodeError(
        `the node at ${address.host} answers with HTTP status ${response.status} and no JSON`,
        "Check that the URL is that of an Ethereum node's JSON-RPC.",
      );
    }
    if (typeof answer === "object" && answer !== null) {
      if (answer.error) throw new RpcError(method, { ...answer.error, message: String(answer.error.message) });
      if ("result" in answer) return answer.result;
    }
    throw new NodeError(
      `the node at ${address.host} answers ${method} with something that is not JSON-RPC`,
      "Check that the URL is that of an Ethereum node's JSON-RPC.",
    );
  };
}

function parseUrl(url: string): URL {
  const address = URL.parse(url);
  if (address === null || !["http:", "https:"].includes(address.protocol)) {
    throw new NodeError(
      "the node's address is not an http or https URL",
      "Write it in full, such as http://127.0.0.1:8545.",
    );
  }
  return address;
}

/** fetch takes no user name and password in a URL; nodes behind basic authentication want them as a header. */
async function post(address: URL, body: string): Promise<Response> {
  const target = new URL(address);
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (target.username !== "") {
    const credentials = `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`;
    headers.authorization = `Basic ${btoa(String.fromCharCode(...utf8ToBytes(credentials)))}`;
    target.username = target.password = "";
  }
  for (let attempt = 1; ; attempt++) {
    let response: Response;
    try {
      response = await fetch(target, {
        method: "POST",
        headers,
        body,
        signal: AbortSignal.timeout(REQUEST_TIMEOUT * 1000),
      });
    } catch (cause) {
      const late = (cause as Error).name === "TimeoutError";
      throw new NodeError(
        late
          ? `the node at ${address.host} has not answered for ${REQUEST_TIMEOUT} seconds`
          : `the node at ${address.host} cannot be reached`,
        "Start it, or give the URL of one that runs; then run the same command again.",
      );
    }
    // Public nodes limit requests per second.
    if (response.status !== 429 || attempt === 4) return response;
    await new Promise((resolve) => setTimeout(resolve, 1000 * attempt));
  }
}
