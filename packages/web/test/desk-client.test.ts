import { expect } from "chai";
import { type Browser, chromium, type Page } from "playwright-core";
import { CHROMIUM, NO_CHROMIUM } from "../../field/test/browser/chromium.ts";
import { builtPage } from "../server/page-build.ts";
import { hostFiles, hostNode, type PlainHost } from "./plain-host.ts";

const CHAIN = "chain=31337&escrow=0x" + "ab".repeat(20);

describe("desk client", function () {
  this.timeout(120_000);
  if (CHROMIUM === null) return void it.skip(NO_CHROMIUM);
  let browser: Browser;
  let page: Page;
  let files: PlainHost;
  let node: PlainHost;

  before(async () => {
    node = await hostNode(31337);
    files = await hostFiles(await builtPage(), "/");
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: ["--disable-gpu"] });
  });

  after(async () => {
    await browser?.close();
    for (const host of [files, node]) await host?.close();
  });

  beforeEach(async () => {
    page = await browser.newPage();
  });

  afterEach(() => page.close());

  const stopped = () => page.getByRole("heading", { name: "The page has stopped" });
  const market = () => page.getByRole("heading", { name: "Market", exact: true });
  const address = () => `${files.url}?${CHAIN}&rpc=${encodeURIComponent(node.url)}`;

  it("says that its worker has ended without a word, and starts another with the same account", async () => {
    await page.goto(address());
    await page.getByRole("button", { name: "Connect a wallet" }).click();
    await page.getByRole("button", { name: "Development account 3" }).click();
    await page.getByRole("button", { name: "Account: Account 3" }).waitFor();
    await page.workers()[0]!.evaluate(() => self.close());
    await stopped().waitFor();
    expect(await page.getByRole("alert").innerText()).to.match(/has stopped[^]*Start it again/);
    await page.getByRole("button", { name: "Start again" }).click();
    await market().waitFor();
    await page.getByRole("button", { name: "Account: Account 3" }).waitFor();
  });

  it("says that its worker cannot be loaded, and loads it when it can", async () => {
    await page.route("**/assets/desk-*.js", (route) => route.abort());
    await page.goto(address());
    await stopped().waitFor();
    await page.unroute("**/assets/desk-*.js");
    await page.getByRole("button", { name: "Start again" }).click();
    await market().waitFor();
  });

  it("says what an uncaught error in its worker was", async () => {
    await page.goto(address());
    await market().waitFor();
    await page.workers()[0]!.evaluate(() => {
      setTimeout(() => {
        throw new RangeError("out of memory");
      });
    });
    await stopped().waitFor();
    expect(await page.getByRole("alert").innerText()).to.match(/out of memory/);
  });
});
