import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type BrowserContext, chromium, type Page } from "playwright-core";

/** Where Chromium is; null where there is none. The variable CHROMIUM names another than Debian's. */
export const CHROMIUM: string | null = [process.env["CHROMIUM"] ?? "/usr/bin/chromium"].find(existsSync) ?? null;

/** Why something is left out where there is none. */
export const NO_CHROMIUM = "no Chromium: apt-get install chromium, or set CHROMIUM to the path of one";

/** What a program for browsers exports; a file of a test that does nothing when it is imported. */
export interface BrowserProgram<Input, Output> {
  /** Input and output go through JSON. */
  run(input: Input): Promise<Output>;
}

export interface Surroundings {
  /** Whether the server says that the page is cross-origin isolated, without which there is no shared memory. */
  readonly isolated: boolean;
  /** Whether it runs in a Web Worker, which may wait for others, or in the page itself. */
  readonly inWorker: boolean;
}

/** Where a page is served: with shared memory, without, or as one that has no origin, so that it may keep nothing. */
export type Place = "isolated" | "plain" | "sandboxed";

/** A page that stays open. */
export interface OpenPage<Input, Output> {
  readonly page: Page;
  /** @throws {Error} with the message of what the program throws */
  run(input: Input, inWorker: boolean): Promise<Output>;
}

export interface OpenProgram<Input, Output> {
  /** The browser's name and version. */
  readonly browser: string;
  /** In a new page that remembers nothing. @throws {Error} with the message of what the program throws */
  run(input: Input, surroundings: Surroundings): Promise<Output>;
  /** Opens a page, in a profile of its own or in one (`page.context()`) whose storage it shares. */
  open(place: Place, profile?: BrowserContext): Promise<OpenPage<Input, Output>>;
  close(): Promise<void>;
}

const ISOLATION = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/** As the market's page: code comes from files alone, none is made of text, neither for a worker. */
const POLICY = "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'self'";

const HEADERS: Readonly<Record<Place, Readonly<Record<string, string>>>> = {
  isolated: { ...ISOLATION, "content-security-policy": POLICY },
  plain: { "content-security-policy": POLICY },
  sandboxed: {
    "content-security-policy": `${POLICY}; sandbox allow-scripts`,
    // Without an origin of its own, a page is a stranger to its own files.
    "access-control-allow-origin": "*",
  },
};

const THREAD = new URL("../../src/kernels/browser-thread.ts", import.meta.url);

const PAGE = `<!doctype html><link rel="icon" href="data:," /><script type="module">
  globalThis.inPage = async (input) => (await import("./program.js")).run(input);
  globalThis.inWorker = (input) => new Promise((resolve, reject) => {
    const worker = new Worker("./worker.js", { type: "module" });
    worker.onmessage = ({ data }) => (data.error === undefined ? resolve(data.output) : reject(new Error(data.error)));
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(input);
  });
</script>`;

const WORKER = `import { run } from "./program.js";
onmessage = ({ data }) => run(data).then((output) => postMessage({ output }), (error) => postMessage({ error: String(error) }));`;

async function bundled(file: URL): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(file)],
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]!.text;
}

/**
 * Bundles a program as for any browser and opens it in a headless Chromium.
 * @param withThread whether the file of the kernels' threads is served beside it
 * @throws {Error} if it needs something that browsers do not have
 */
export async function openProgram<Input, Output>(program: URL, withThread = true): Promise<OpenProgram<Input, Output>> {
  const files = new Map([
    ["", { type: "text/html", text: PAGE }],
    ["worker.js", { type: "text/javascript", text: WORKER }],
    ["program.js", { type: "text/javascript", text: await bundled(program) }],
  ]);
  // esbuild leaves the thread's address as it is written.
  if (withThread) files.set("browser-thread.ts", { type: "text/javascript", text: await bundled(THREAD) });
  const server = createServer(({ url }, response) => {
    const [, surroundings, name] = /^\/(isolated|plain|sandboxed)\/(.*)$/.exec(url ?? "") ?? [];
    const file = files.get(name ?? "missing");
    if (file === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": file.type, ...HEADERS[surroundings as Place] });
    response.end(file.text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const browser = await chromium.launch({
    ...(CHROMIUM === null ? {} : { executablePath: CHROMIUM }),
    args: ["--disable-gpu", "--disable-quic"],
  });
  const open: OpenProgram<Input, Output>["open"] = async (place, profile) => {
    const page = await (profile ?? (await browser.newContext())).newPage();
    await page.goto(`http://127.0.0.1:${port}/${place}/`);
    const run = async (input: Input, inWorker: boolean) =>
      (await page.evaluate(
        ([name, json]) =>
          (globalThis as unknown as Record<string, (value: unknown) => Promise<unknown>>)[name!]!(JSON.parse(json!)),
        [inWorker ? "inWorker" : "inPage", JSON.stringify(input)],
      )) as Output;
    return { page, run };
  };
  return {
    browser: `Chromium ${browser.version()}`,
    run: async (input, { isolated, inWorker }) => {
      const { page, run } = await open(isolated ? "isolated" : "plain");
      const output = await run(input, inWorker);
      await page.context().close();
      return output;
    },
    open,
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}
