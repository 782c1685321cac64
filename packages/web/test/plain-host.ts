import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

/** A server on this machine that counts what it is asked. */
export interface PlainHost {
  readonly url: string;
  /** Methods and paths of all requests. */
  readonly asked: string[];
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

/** As the simplest of hosts serve files: with a content type and no other header. @param path "/", or a sub-path such as "/a/b/" */
export async function hostFiles(
  folder: string,
  path: string,
  replaced: Readonly<Record<string, string>> = {},
): Promise<PlainHost> {
  return host(({ url }, response) => {
    const asked = new URL(url!, "http://x").pathname;
    const name = asked.startsWith(path) ? asked.slice(path.length) || "index.html" : null;
    const content = name === null ? Promise.reject(new Error("another path")) : contentOf(name);
    content.then(
      (bytes) => response.writeHead(200, { "content-type": TYPES[extname(name!)] ?? "text/plain" }).end(bytes),
      () => response.writeHead(404).end(),
    );
  }, path);

  async function contentOf(name: string): Promise<Buffer | string> {
    return replaced[name] ?? (await readFile(join(folder, name)));
  }
}

/** A node that every page may ask, on a chain without contracts. @param chainId as it says */
export async function hostNode(chainId: number): Promise<PlainHost> {
  return host((request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-headers", "content-type");
    if (request.method === "OPTIONS") return void response.end();
    void textOf(request).then((text) => {
      const { id, method } = JSON.parse(text === "" ? "{}" : text) as { id?: number; method?: string };
      const block = { number: "0x1", timestamp: "0x65000000", transactions: [] };
      const results: Record<string, unknown> = {
        eth_chainId: `0x${chainId.toString(16)}`,
        eth_getCode: "0x",
        eth_blockNumber: "0x1",
        eth_getLogs: [],
        eth_getBlockByNumber: block,
      };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ jsonrpc: "2.0", id, result: results[method ?? ""] ?? null }));
    });
  }, "/");
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function host(listener: RequestListener, path: string): Promise<PlainHost> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    listener(request, response);
  });
  server.on("upgrade", (request, socket) => {
    asked.push(`UPGRADE ${request.url}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
