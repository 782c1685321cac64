import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { METHOD_NOT_FOUND, NodeError, RpcError, type Transport } from "@zkcmp/chain/json-rpc";
import { listen, type LocalServer, ownHosts } from "./local-server.ts";

export interface NodeServerOptions {
  /** Any free one for 0. */
  readonly port: number;
  /** Origins of pages that may ask. Who sends no origin is no page, and may; wallets that are extensions may, too. */
  readonly pageOrigins: readonly string[];
}

/** Bytes of one request: several times the largest contract. */
const MAX_REQUEST = 1_000_000;

/** Requests of one batch. */
const MAX_BATCH = 200;

/** Seconds by which one request may move the clock: ten years. A chain whose clock leaves its numbers ends the process. */
const MAX_CLOCK_STEP = 315_360_000;

/** Origins of a browser's extensions, as wallets are. No page can have one. */
const EXTENSION = /^(?:chrome|moz|safari-web)-extension:\/\/[\w-]+$/;

const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
const INVALID_PARAMS = -32602;
const INTERNAL_ERROR = -32603;

/**
 * What wallets, the page and the command line ask of a node, and the clock, which on a chain for development anyone may
 * move. Nothing here signs with the node's own accounts or rewrites the chain.
 */
const METHODS: ReadonlySet<string> = new Set([
  ...["web3_clientVersion", "net_version", "net_listening", "evm_increaseTime", "evm_mine"],
  ...["accounts", "blobBaseFee", "blockNumber", "call", "chainId", "estimateGas", "feeHistory", "gasPrice"].map(eth),
  ...["getBalance", "getBlockByHash", "getBlockByNumber", "getBlockReceipts", "getBlockTransactionCountByHash"].map(
    eth,
  ),
  ...["getBlockTransactionCountByNumber", "getCode", "getLogs", "getProof", "getStorageAt"].map(eth),
  ...["getTransactionByBlockHashAndIndex", "getTransactionByBlockNumberAndIndex", "getTransactionByHash"].map(eth),
  ...["getTransactionCount", "getTransactionReceipt", "maxPriorityFeePerGas", "sendRawTransaction", "syncing"].map(eth),
]);

function eth(name: string): string {
  return `eth_${name}`;
}

interface Answer {
  readonly jsonrpc: "2.0";
  readonly id: string | number | null;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/**
 * Serves a chain as JSON-RPC over HTTP, on this machine only. Requests must name this machine as their host, so that no
 * name that points here later (DNS rebinding) reaches it; and JSON as their content, so that no page can ask without
 * being asked for its origin first.
 * @throws {LocalServerError} if the port is taken
 */
export async function serveNode(transport: Transport, options: NodeServerOptions): Promise<LocalServer> {
  const server = createServer((request, response) => {
    handle(transport, options.pageOrigins, request, response).catch(() => response.destroy());
  });
  return listen(server, options.port, "the node");
}

async function handle(
  transport: Transport,
  pageOrigins: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refuse = (status: number, text: string): void => {
    // What is left of a request that is too long is not read.
    const close = status === 413 ? { connection: "close" } : {};
    response.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...close }).end(`${text}\n`);
  };
  if (!ownHosts(request).includes(request.headers.host ?? "")) {
    return refuse(403, "This node answers to its own address only.");
  }
  const { origin } = request.headers;
  response.setHeader("vary", "origin");
  if (origin !== undefined) {
    if (!pageOrigins.includes(origin) && !EXTENSION.test(origin))
      return refuse(403, "This node answers to its own page only.");
    response.setHeader("access-control-allow-origin", origin);
  }
  response.setHeader("cross-origin-resource-policy", "cross-origin");
  response.setHeader("cache-control", "no-store");
  if (request.method === "OPTIONS") {
    response.setHeader("access-control-allow-methods", "POST");
    response.setHeader("access-control-allow-headers", "content-type");
    response.setHeader("access-control-max-age", "600");
    return void response.writeHead(204).end();
  }
  if (request.method !== "POST") return refuse(405, "This is a JSON-RPC node: it takes POST requests.");
  if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? "")) {
    return refuse(415, "Requests are application/json.");
  }
  const body = await readBody(request);
  if (body === null) return refuse(413, `Requests have up to ${MAX_REQUEST} bytes.`);
  const answer = await answerText(transport, body);
  if (answer === null) return void response.writeHead(204).end();
  response.writeHead(200, { "content-type": "application/json" }).end(answer);
}

/** Null for a body that is too long. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_REQUEST) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** Null where nothing is to be answered: notifications alone. */
async function answerText(transport: Transport, body: string): Promise<string | null> {
  let asked: unknown;
  try {
    asked = JSON.parse(body);
  } catch {
    return JSON.stringify(failure(null, PARSE_ERROR, "the request is not JSON"));
  }
  if (!Array.isArray(asked)) {
    const answer = await answerOne(transport, asked);
    return answer === null ? null : JSON.stringify(answer);
  }
  if (asked.length === 0 || asked.length > MAX_BATCH) {
    return JSON.stringify(failure(null, INVALID_REQUEST, `a batch has 1 to ${MAX_BATCH} requests`));
  }
  const answers: Answer[] = [];
  // In order: a batch may send a transaction and ask for its receipt.
  for (const one of asked) {
    const answer = await answerOne(transport, one);
    if (answer !== null) answers.push(answer);
  }
  return answers.length === 0 ? null : JSON.stringify(answers);
}

async function answerOne(transport: Transport, asked: unknown): Promise<Answer | null> {
  const { jsonrpc, id, method, params = [] } = (asked ?? {}) as Record<string, unknown>;
  const isId = id === null || typeof id === "string" || typeof id === "number";
  if (jsonrpc !== "2.0" || typeof method !== "string" || !Array.isArray(params) || !(isId || id === undefined)) {
    return failure(isId ? id : null, INVALID_REQUEST, "the request is not one of JSON-RPC 2.0");
  }
  const answer = await call(transport, method, params);
  return isId ? { jsonrpc: "2.0", id, ...answer } : null;
}

async function call(
  transport: Transport,
  method: string,
  params: unknown[],
): Promise<Pick<Answer, "result"> | Pick<Answer, "error">> {
  if (!METHODS.has(method)) {
    return { error: { code: METHOD_NOT_FOUND, message: `this node has no method ${method.slice(0, 60)}` } };
  }
  if (method.startsWith("evm_") && !isClockStep(method, params)) {
    const message = `${method} takes ${method === "evm_mine" ? "nothing" : `up to ${MAX_CLOCK_STEP} seconds`}`;
    return { error: { code: INVALID_PARAMS, message } };
  }
  // The node holds no keys: who signs is the wallet.
  if (method === "eth_accounts") return { result: [] };
  try {
    return { result: (await transport(method, params)) ?? null };
  } catch (error) {
    if (error instanceof RpcError) {
      const { code, reason, data } = error;
      return { error: { code, message: reason, ...(data === undefined ? {} : { data }) } };
    }
    const message = error instanceof NodeError ? error.message : "the chain failed";
    return { error: { code: INTERNAL_ERROR, message } };
  }
}

/** Whether a request moves the clock so that the chain can follow. */
function isClockStep(method: string, params: readonly unknown[]): boolean {
  if (method === "evm_mine") return params.length === 0;
  const [seconds] = params;
  return params.length === 1 && Number.isInteger(seconds) && 0 < Number(seconds) && Number(seconds) <= MAX_CLOCK_STEP;
}

function failure(id: Answer["id"], code: number, message: string): Answer {
  return { jsonrpc: "2.0", id, error: { code, message } };
}
