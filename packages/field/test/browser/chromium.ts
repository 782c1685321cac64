import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";

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

export interface OpenProgram<Input, Output> {
  /** The browser's name and version. */
  readonly browser: string;
  /** In a new page. @throws {Error} with the message of what the program throws */
  run(input: Input, surroundings: Surroundings): Promise<Output>;
  close(): Promise<void>;
}

const ISOLATION = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

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
    const [, surroundings, name] = /^\/(isolated|plain)\/(.*)$/.exec(url ?? "") ?? [];
    const file = files.get(name ?? "missing");
    if (file === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": file.type, ...(surroundings === "isolated" ? ISOLATION : {}) });
    response.end(file.text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const browser = await chromium.launch({
    ...(CHROMIUM === null ? {} : { executablePath: CHROMIUM }),
    args: ["--disable-gpu", "--disable-quic"],
  });
  return {
    browser: `Chromium ${browser.version()}`,
    run: async (input, { isolated, inWorker }) => {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${port}/${isolated ? "isolated" : "plain"}/`);
      const name = inWorker ? "inWorker" : "inPage";
      const output = await page.evaluate(
        ([place, json]) =>
          (globalThis as unknown as Record<string, (value: unknown) => Promise<unknown>>)[place!]!(JSON.parse(json!)),
        [name, JSON.stringify(input)],
      );
      await page.close();
      return output as Output;
    },
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}
