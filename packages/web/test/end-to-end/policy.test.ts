import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { type LoggingProxy, startLoggingProxy } from "./logging-proxy.ts";
import { fillOrder } from "./sale-steps.ts";
import { type BrowserParty, describeInBrowser } from "./stage.ts";
import { alertOf, connectWallet, press, sees } from "./steps.ts";

let proxy: LoggingProxy;

/** Where Chromium itself asks for updates and forms, whatever the page. */
const BROWSERS_OWN = /\.(google|googleapis|gvt1)\.com:443$/;

describeInBrowser(
  "where the page connects to",
  (stage) => {
    let visitor: BrowserParty;
    before(async () => void (visitor = await stage().party(6)));
    after(() => proxy.close());
    beforeEach(() => void proxy.targets.splice(0));

    const hosts = (): string[] =>
      [...new Set(proxy.targets.map(({ host }) => host))].filter((host) => !BROWSERS_OWN.test(host)).sort();
    const own = (): string[] => [stage().market.url, stage().market.nodeUrl].map((url) => new URL(url).host).sort();

    it("is its own host and the deployment's node, on every page and in a step with a wallet", async () => {
      const { market } = stage();
      const { deals, rewards, finishedRound } = market.filled;
      for (const hash of ["#/", "#/sell", "#/keys", "#/rounds", `#/rounds/${rewards}/${finishedRound}`]) {
        await visitor.go(hash);
        await visitor.page.getByRole("heading", { level: 1 }).waitFor();
      }
      await visitor.go(`#/deal/${deals.redeemed.dealId}`);
      await sees(visitor.page, "What is proven");
      await fillOrder(visitor, market, 1_004);
      await connectWallet(visitor);
      await press(visitor.page, "Sign the order");
      await visitor.page.waitForURL(/#\/orders\//);
      expect(hosts()).to.deep.equal(own());
      // What it asks of its host are files, and no path carries anything of the user's.
      const paths = proxy.targets.filter(({ host }) => host === new URL(market.url).host).map(({ path }) => path!);
      expect(paths.filter((path) => path.includes("?"))).to.deep.equal([]);
      expect(visitor.troubles).to.deep.equal([]);
    });

    it("is another node, and that alone, if the page's address names one", async () => {
      const { market } = stage();
      const other = await startOtherNode(market.nodeUrl);
      try {
        await visitor.page.goto("about:blank");
        await visitor.page.goto(`${market.url}?rpc=${encodeURIComponent(other.url)}#/`);
        await visitor.page.getByRole("table", { name: "Offers" }).waitFor();
        expect(hosts()).to.deep.equal([new URL(market.url).host, new URL(other.url).host].sort());
        // Nothing that runs in the page can reach the first one any more, nor a third.
        for (const url of [market.nodeUrl, "https://example.org/", "http://127.0.0.1:9/"]) {
          expect(await canReach(visitor.page, url), url).to.equal(false);
        }
        expect(await canReach(visitor.page, other.url)).to.equal(true);
        expect(hosts()).to.deep.equal([new URL(market.url).host, new URL(other.url).host].sort());
      } finally {
        other.server.close();
        other.server.closeAllConnections();
      }
    });

    it("is told in words where the link names an escrow with other code, or no node", async () => {
      const { market } = stage();
      await visitor.page.goto("about:blank");
      await visitor.page.goto(`${market.url}?escrow=${market.filled.rewards}#/`);
      expect(await alertOf(visitor.page)).to.match(/escrow|code|contract/i);
      await visitor.page.goto("about:blank");
      await visitor.page.goto(`${market.url}?rpc=http://example.org/#/`);
      expect(await alertOf(visitor.page)).to.match(/rpc/);
      expect(hosts().filter((host) => host.includes("example"))).to.deep.equal([]);
    });

    it("lets no foreign script, frame, style, form or address base in", async () => {
      const { page } = visitor;
      await visitor.go("#/");
      await page.getByRole("heading", { level: 1 }).waitFor();
      const refused = await page.evaluate(async () => {
        const violated: string[] = [];
        document.addEventListener("securitypolicyviolation", (event) => violated.push(event.effectiveDirective));
        const add = (name: string, attributes: Record<string, string>): void => {
          const element = document.createElement(name);
          for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
          document.body.append(element);
        };
        add("script", { src: "https://example.org/a.js" });
        // Of a frame from elsewhere Chromium opens the connection before it refuses the request.
        add("iframe", { src: "data:text/html,framed" });
        add("link", { rel: "stylesheet", href: "https://example.org/a.css" });
        add("img", { src: "https://example.org/a.png" });
        add("base", { href: "https://example.org/" });
        const inline = document.createElement("script");
        inline.textContent = "globalThis.wasRun = true";
        document.body.append(inline);
        await new Promise((resolve) => setTimeout(resolve, 500));
        return { violated, wasRun: "wasRun" in globalThis };
      });
      expect(refused.wasRun).to.equal(false);
      expect(refused.violated).to.include.members([
        "script-src-elem",
        "frame-src",
        "style-src-elem",
        "img-src",
        "base-uri",
      ]);
      expect(hosts().filter((host) => host.includes("example"))).to.deep.equal([]);
    });
  },
  async () => {
    proxy = await startLoggingProxy();
    return proxy.url;
  },
);

/** Whether a request of the page itself, or of a worker that it starts, gets through. */
async function canReach(page: Page, url: string): Promise<boolean> {
  return page.evaluate(async (target) => {
    const ask = `fetch(${JSON.stringify(target)}, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" })`;
    const source = URL.createObjectURL(
      new Blob([`${ask}.then(() => postMessage(true), () => postMessage(false));`], { type: "text/javascript" }),
    );
    const worker = new Worker(source);
    const fromWorker = await new Promise<boolean>((resolve) => {
      worker.onmessage = ({ data }) => resolve(data as boolean);
      worker.onerror = () => resolve(false);
    });
    worker.terminate();
    const fromPage = await fetch(target, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    }).then(
      () => true,
      () => false,
    );
    return fromWorker || fromPage;
  }, url);
}

/** A node at another address, that any page may ask: what it is asked goes to the first one. */
async function startOtherNode(nodeUrl: string): Promise<{ url: string; server: Server }> {
  const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "content-type" };
  const server = createServer((request, response) => {
    if (request.method === "OPTIONS") return void response.writeHead(204, headers).end();
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      fetch(nodeUrl, { method: "POST", headers: { "content-type": "application/json" }, body })
        .then(async (answer) =>
          response.writeHead(200, { ...headers, "content-type": "application/json" }).end(await answer.text()),
        )
        .catch(() => response.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
