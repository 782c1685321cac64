import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { listen, type LocalServer, ownHosts } from "./local-server.ts";

export interface PageServerOptions {
  /** Any free one for 0. */
  readonly port: number;
  /** Folders of files; of two files with the same name, that of the first folder. */
  readonly folders: readonly string[];
  /** Where the page is: "/", or a sub-path such as "/market/". */
  readonly path?: string;
  /** The content security policy, sent with every file: a worker takes its own from the file that it starts from. */
  readonly policy: string;
}

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
};

/** Two headers for shared memory, which many threads need; the others take away what the page does not use. */
const HEADERS = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
} as const;

/**
 * Serves files to a browser on this machine. Whoever asks under another host is refused, as is any path that leaves the
 * folders, by dots or by a link.
 * @throws {LocalServerError} if the port is taken
 */
export async function servePage(options: PageServerOptions): Promise<LocalServer> {
  const { path = "/" } = options;
  const folders = await Promise.all(options.folders.map((folder) => realpath(folder)));
  const headers = { ...HEADERS, "content-security-policy": `${options.policy}; frame-ancestors 'none'` };
  const server = createServer((request, response) => {
    handle({ folders, path, headers }, request, response).catch(() => response.destroy());
  });
  const local = await listen(server, options.port, "the page");
  return { ...local, url: `${local.url}${path}` };
}

interface Site {
  readonly folders: readonly string[];
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function handle(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refuse = (status: number, text: string, more: Record<string, string> = {}): void => {
    response.writeHead(status, { ...site.headers, ...more, "content-type": "text/plain; charset=utf-8" });
    response.end(request.method === "HEAD" ? undefined : `${text}\n`);
  };
  if (!ownHosts(request).includes(request.headers.host ?? "")) {
    return refuse(403, "This server answers to its own address only.");
  }
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "There are files here and no more.");
  const asked = (request.url ?? "/").split("?", 1)[0]!;
  if (`${asked}/` === site.path) return refuse(308, `The page is at ${site.path}`, { location: site.path });
  const file = asked.startsWith(site.path) ? await fileAt(site.folders, asked.slice(site.path.length)) : null;
  if (file === null) return refuse(404, "There is no such file.");
  const isNamedByContent = asked.startsWith(`${site.path}assets/`);
  response.writeHead(200, {
    ...site.headers,
    "content-type": TYPES[extname(file.path)] ?? "application/octet-stream",
    "content-length": file.size,
    "cache-control": isNamedByContent ? "public, max-age=31536000, immutable" : "no-cache",
  });
  if (request.method === "HEAD") return void response.end();
  await pipeline(createReadStream(file.path), response);
}

/** The file of a relative URL path, null for none that may be seen. */
async function fileAt(folders: readonly string[], urlPath: string): Promise<{ path: string; size: number } | null> {
  let name: string;
  try {
    name = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (name.includes("\0") || name.includes("\\") || name.split("/").some((part) => part.startsWith("."))) return null;
  for (const folder of folders) {
    const path = await realpath(join(folder, name === "" ? "index.html" : name)).catch(() => null);
    if (path === null || !path.startsWith(folder + sep)) continue;
    const found = await stat(path);
    if (found.isFile()) return { path, size: found.size };
  }
  return null;
}
