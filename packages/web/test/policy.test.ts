import { expect } from "chai";
import { type Browser, chromium, type Page, type Worker as PageWorker } from "playwright-core";
import { CHROMIUM, NO_CHROMIUM } from "../../field/test/browser/chromium.ts";
import { builtPage } from "../server/page-build.ts";
import { hostFiles, hostNode, type PlainHost } from "./plain-host.ts";

const CHAIN_ID = 31337;
const ESCROW = `0x${"ab".repeat(20)}`;

/** The page as any host of static files serves it: without a header, below a path. */
describe("policy", function () {
  this.timeout(120_000);
  if (CHROMIUM === null) return void it.skip(NO_CHROMIUM);
  let browser: Browser;
  let page: Page;
  let files: PlainHost;
  let node: PlainHost;
  let elsewhere: PlainHost;
  let troubles: string[];

  before(async () => {
    [node, elsewhere] = [await hostNode(CHAIN_ID), await hostNode(CHAIN_ID)];
    files = await hostFiles(await builtPage(), "/some/path/", { "deployments.json": deploymentsOf(node.url) });
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: ["--disable-gpu"] });
  });

  after(async () => {
    await browser?.close();
    for (const host of [files, node, elsewhere]) await host?.close();
  });

  beforeEach(async () => {
    troubles = [];
    for (const { asked } of [files, node, elsewhere]) asked.length = 0;
    page = await browser.newPage();
    page.on("pageerror", ({ message }) => troubles.push(message));
    page.on("console", (message) => {
      if (message.type() === "error") troubles.push(message.text());
    });
  });

  afterEach(() => page.close());

  /** Opens the page and waits until its worker has asked the node. */
  async function open(query = "", asking = node): Promise<PageWorker> {
    await page.goto(`${files.url}${query}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForFunction(() => document.querySelector(".frame-notices [role=alert]") !== null);
    expect(asking.asked.length).to.be.greaterThan(0);
    return page.workers()[0]!;
  }

  it("runs from a sub-path without an error on the console, and says that the escrow is none", async () => {
    await open();
    expect(troubles).to.deep.equal([]);
    expect(await page.getByRole("alert").first().innerText()).to.match(/There is no contract at 0xab/);
    expect(elsewhere.asked).to.deep.equal([]);
  });

  it("lets page and worker ask the one node, and no other host", async () => {
    const worker = await open();
    for (const where of realms(page, worker)) {
      expect(await where.evaluate(tryFetch, node.url)).to.equal("answered");
      expect(await where.evaluate(tryFetch, elsewhere.url)).to.equal("blocked");
      expect(await where.evaluate(tryFetch, "https://example.org/")).to.equal("blocked");
      expect(await where.evaluate(trySocket, elsewhere.url.replace("http", "ws"))).to.equal("blocked");
    }
    expect(elsewhere.asked).to.deep.equal([]);
  });

  it("takes the node of the link for the one node, and forbids that of the file", async () => {
    const worker = await open(`?rpc=${encodeURIComponent(elsewhere.url)}`, elsewhere);
    for (const where of realms(page, worker)) {
      expect(await where.evaluate(tryFetch, elsewhere.url)).to.equal("answered");
      expect(await where.evaluate(tryFetch, node.url)).to.equal("blocked");
    }
    expect(node.asked).to.deep.equal([]);
  });

  it("does nothing in a frame of another page, which could lead clicks, and gives a way out", async () => {
    const text = `<!doctype html><iframe src="${files.url}"></iframe>`;
    const framing = await hostFiles(await builtPage(), "/", { "index.html": text });
    try {
      await page.goto(framing.url);
      const frame = page.frameLocator("iframe");
      expect(await frame.getByRole("alert").innerText()).to.match(/in a frame.*Open it in a window of its own/);
      expect(await frame.getByRole("link").getAttribute("href")).to.equal(files.url);
      expect(await frame.getByRole("button").count()).to.equal(0);
      expect(page.workers()).to.have.length(0);
      expect(node.asked).to.deep.equal([]);
    } finally {
      await framing.close();
    }
  });

  it("asks no node at all where the link's is none", async () => {
    await page.goto(`${files.url}?rpc=${encodeURIComponent("http://node.example/")}`);
    expect(await page.getByRole("alert").first().innerText()).to.match(/parameter rpc/);
    expect(await page.evaluate(tryFetch, node.url)).to.equal("blocked");
    expect([...node.asked, ...elsewhere.asked]).to.deep.equal([]);
  });

  it("gives workers that are made later the same policy", async () => {
    await open();
    const answer = await page.evaluate((url) => {
      const text = `fetch(${JSON.stringify(url)}, { mode: "no-cors" }).then(() => postMessage("answered"), () => postMessage("blocked"))`;
      const worker = new Worker(URL.createObjectURL(new Blob([text])));
      return new Promise((resolve) => (worker.onmessage = ({ data }) => resolve(data)));
    }, elsewhere.url);
    expect(answer).to.equal("blocked");
    expect(elsewhere.asked).to.deep.equal([]);
  });

  it("runs no script that stands in the page, is made of text, or comes from elsewhere", async () => {
    const worker = await open();
    const inPage = await page.evaluate(async (url) => {
      const inline = document.createElement("script");
      inline.textContent = "document.title = 'inline'";
      const handler = document.createElement("div");
      handler.setAttribute("onclick", "document.title = 'handler'");
      const foreign = document.createElement("script");
      foreign.src = `${url}script.js`;
      const loaded = new Promise((resolve) => {
        foreign.onload = () => resolve("loaded");
        foreign.onerror = () => resolve("blocked");
      });
      document.body.append(inline, handler, foreign);
      handler.click();
      return { foreign: await loaded, title: document.title };
    }, elsewhere.url);
    expect(inPage).to.deep.equal({ foreign: "blocked", title: "Market · zkcmp" });
    for (const where of realms(page, worker)) expect(await where.evaluate(tryEval)).to.equal("EvalError");
    expect(elsewhere.asked).to.deep.equal([]);
  });

  it("loads no picture, style, frame or form from elsewhere", async () => {
    await open();
    await page.evaluate(async (url) => {
      const ends: Promise<unknown>[] = [];
      const add = (name: string, attributes: Record<string, string>): void => {
        const element = document.createElement(name);
        for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
        ends.push(new Promise((resolve) => (element.onload = element.onerror = resolve)));
        document.body.append(element);
      };
      add("img", { src: `${url}picture` });
      add("link", { rel: "stylesheet", href: `${url}style` });
      add("iframe", { src: `${url}frame` });
      const form = document.createElement("form");
      form.action = `${url}form`;
      document.body.append(form);
      form.submit();
      navigator.sendBeacon(`${url}beacon`, "x");
      await Promise.race([Promise.all(ends), new Promise((resolve) => setTimeout(resolve, 2_000))]);
    }, elsewhere.url);
    expect(elsewhere.asked).to.deep.equal([]);
  });

  it("says so where a file of it is missing", async () => {
    await page.route("**/assets/main-*.js", (route) => route.abort());
    await page.goto(files.url);
    expect(await page.getByRole("alert").innerText()).to.match(/a file of it is missing[^]*Load it again/);
  });

  it("compiles WASM in page and worker", async () => {
    const worker = await open();
    for (const where of realms(page, worker)) expect(await where.evaluate(tryWasm)).to.equal(true);
  });

  it("has its policy in the page's text before all that it governs", async () => {
    await page.goto(files.url);
    const html = await (await fetch(files.url)).text();
    expect(html.indexOf("Content-Security-Policy")).to.be.greaterThan(0);
    expect(html.indexOf("Content-Security-Policy")).to.be.lessThan(html.search(/<(script|link|style)/));
    expect(html)
      .not.to.match(/<script(?![^>]* src=)/)
      .and.not.to.match(/style=|<style|unsafe-inline|'unsafe-eval'/);
  });
});

/** Both have a type of their own for the same method. */
function realms(page: Page, worker: PageWorker): readonly Pick<Page, "evaluate">[] {
  return [page, worker as unknown as Page];
}

function deploymentsOf(rpcUrl: string): string {
  const deployment = {
    ...{ name: "Test market", chainId: CHAIN_ID, rpcUrl, escrow: ESCROW, escrowBlock: 0 },
    ...{ rewards: [], orders: [], rounds: [], trustedKeys: null, samples: [] },
  };
  return JSON.stringify({ format: "zkcmp-deployments", version: 1, deployments: [deployment] });
}

async function tryFetch(url: string): Promise<string> {
  try {
    await fetch(url, { mode: "no-cors" });
    return "answered";
  } catch {
    return "blocked";
  }
}

async function trySocket(url: string): Promise<string> {
  try {
    const socket = new WebSocket(url);
    return await new Promise((resolve) => {
      socket.onopen = () => resolve("answered");
      socket.onerror = () => resolve("blocked");
    });
  } catch {
    return "blocked";
  }
}

/** In a task of its own: what a debugger evaluates may do more. */
async function tryEval(): Promise<string> {
  return new Promise((resolve) =>
    setTimeout(() => {
      try {
        (0, eval)("1");
        resolve("ran");
      } catch (error) {
        resolve((error as Error).name);
      }
    }),
  );
}

async function tryWasm(): Promise<boolean> {
  const module = await WebAssembly.compile(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
  return module instanceof WebAssembly.Module;
}
