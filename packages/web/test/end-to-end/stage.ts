import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { CHROMIUM, NO_CHROMIUM } from "../../../field/test/browser/chromium.ts";
import { type SharedMarket, sharedMarket } from "./shared-market.ts";
import { TestWallet } from "./test-wallet.ts";

/** The chain of the tests' market. */
export const CHAIN_ID = 31337;

/** Milliseconds that a page may take for a step; a slow machine proves for long. */
export const PATIENCE = 90_000;

/** Somebody with a browser of their own: nobody else's storage, and a wallet. */
export interface BrowserParty {
  readonly page: Page;
  readonly wallet: TestWallet;
  readonly context: BrowserContext;
  /** What went wrong in the page without its saying so: uncaught errors, refused loads, errors on the console. */
  readonly troubles: string[];
  /** Goes to a page of the market, such as "#/sell". */
  go(hash: string): Promise<void>;
  reload(): Promise<void>;
}

export interface Stage {
  readonly market: SharedMarket;
  readonly browser: Browser;
  /** @param account number of the development account in the party's wallet */
  party(account: number, options?: BrowserContextOptions): Promise<BrowserParty>;
  close(): Promise<void>;
}

/** The market, and a browser to enter it with. @param proxy where all connections go through */
export async function openStage(proxy?: string): Promise<Stage> {
  const market = await sharedMarket();
  const browser = await chromium.launch({
    ...(CHROMIUM === null ? {} : { executablePath: CHROMIUM }),
    ...(proxy === undefined ? {} : { proxy: { server: proxy, bypass: "<-loopback>" } }),
    args: ["--disable-gpu", "--disable-quic"],
  });
  return {
    market,
    browser,
    party: async (account, options) => openParty(market, browser, account, options),
    close: () => browser.close(),
  };
}

async function openParty(
  market: SharedMarket,
  browser: Browser,
  account: number,
  options: BrowserContextOptions = {},
): Promise<BrowserParty> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 900 }, ...options });
  context.setDefaultTimeout(PATIENCE);
  const wallet = new TestWallet(market.transport, CHAIN_ID, account);
  await wallet.install(context);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") troubles.push(`${message.text()} (${message.location().url})`);
  });
  const go = async (hash: string): Promise<void> => {
    // With the same address but for its hash, the browser would not load the page anew.
    await page.goto("about:blank");
    await page.goto(market.url + hash);
  };
  return { page, wallet, context, troubles, go, reload: async () => void (await page.reload()) };
}

/** Describes tests that need a browser; where there is none they are skipped, and say what to install. */
export function describeInBrowser(
  title: string,
  tests: (stage: () => Stage) => void,
  proxy?: () => Promise<string>,
): void {
  describe(title, function () {
    // The first of all builds the page, and makes a key where there is none.
    this.timeout(600_000);
    if (CHROMIUM === null) return void it.skip(NO_CHROMIUM);
    let stage: Stage;
    before(async () => void (stage = await openStage(await proxy?.())));
    after(() => stage.close());
    tests(() => stage);
  });
}
