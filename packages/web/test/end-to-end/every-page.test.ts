import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { ACCOUNTS } from "../../server/filled-market.ts";
import { type BrowserParty, describeInBrowser } from "./stage.ts";
import { connectWallet, fileAt, restoreJournal } from "./steps.ts";

const SCREENSHOTS = fileURLToPath(new URL("../../../../build/screenshots/", import.meta.url));
const WIDTHS = { wide: 1_440, narrow: 360 } as const;
const THEMES = ["light", "dark"] as const;

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

describeInBrowser("every page", (stage) => {
  let axe: string;
  let buyer: BrowserParty;
  let seller: BrowserParty;
  before(async () => {
    axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    await mkdir(SCREENSHOTS, { recursive: true });
    const { market } = stage();
    buyer = await stage().party(ACCOUNTS.buyer);
    await restoreJournal(
      buyer,
      await fileAt(market.sample("buyer-journal.json")),
      await fileAt(market.sample("buyer-key.json")),
    );
    await connectWallet(buyer);
    seller = await stage().party(ACCOUNTS.seller);
    await restoreJournal(seller, await fileAt(market.sample("seller-journal.json")));
    await connectWallet(seller);
  });

  const pages: readonly [name: string, who: () => BrowserParty, hash: () => string][] = [
    ["market", () => buyer, () => "#/"],
    ["ask", () => buyer, () => "#/ask"],
    ["purchase", () => buyer, () => `#/orders/${deals().freshOffer.orderHash}`],
    ["deal-offered", () => buyer, () => `#/deal/${deals().provenOffer.dealId}`],
    ["deal-funded", () => buyer, () => `#/deal/${deals().funded.dealId}`],
    ["deal-redeemed", () => buyer, () => `#/deal/${deals().redeemed.dealId}`],
    ["deal-refunded", () => buyer, () => `#/deal/${deals().refunded.dealId}`],
    ["deal-of-others", () => buyer, () => `#/deal/${deals().unpublishedOffer.dealId}`],
    ["sell", () => seller, () => "#/sell"],
    ["sale-offered", () => seller, () => `#/sell/${deals().freshOffer.orderHash}`],
    ["sale-funded", () => seller, () => `#/sell/${deals().funded.orderHash}`],
    ["rounds", () => seller, () => "#/rounds"],
    ["round-finished", () => seller, () => roundHash("finishedRound")],
    ["round-open", () => buyer, () => roundHash("openRound")],
    ["keys", () => buyer, () => "#/keys"],
    ["no-such-page", () => buyer, () => "#/nothing"],
  ];
  const deals = () => stage().market.filled.deals;
  const roundHash = (name: "finishedRound" | "openRound"): string => {
    const { filled } = stage().market;
    return `#/rounds/${filled.rewards}/${filled[name]}`;
  };

  for (const [name, who, hash] of pages) {
    it(`${name}: accessible, in both themes and widths, without scrolling sideways`, async () => {
      const { page, go, troubles } = who();
      troubles.length = 0;
      const problems: string[] = [];
      await go(hash());
      for (const [width, pixels] of Object.entries(WIDTHS)) {
        await page.setViewportSize({ width: pixels, height: 900 });
        for (const theme of THEMES) {
          await page.emulateMedia({ colorScheme: theme });
          await settled(page);
          const where = `${width}, ${theme}`;
          // Colours are those of the theme at any width.
          if (width === "wide" || theme === "dark") {
            problems.push(...(await seriousFindings(page, axe)).map((finding) => `${where}: ${finding}`));
          }
          problems.push(...(await tooWide(page)).map((element) => `${where}: wider than the page: ${element}`));
          await page.screenshot({ path: join(SCREENSHOTS, `${name}-${width}-${theme}.png`), fullPage: true });
        }
      }
      await page.setViewportSize({ width: 1_280, height: 900 });
      expect(problems.join("\n")).to.equal("");
      expect(troubles).to.deep.equal([]);
      expect(await page.getByRole("heading", { level: 1 }).count()).to.equal(1);
      expect(await page.title()).to.match(/zkcmp/);
    });
  }
});

/** Waits until nothing says that it is still being looked for, and nothing moves. */
async function settled(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForFunction(
    () => !/\b(Loading|Reading|Looking)\b[^.]*…/.test(document.querySelector("main")!.innerText),
  );
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null))),
  );
}

async function seriousFindings(page: Page, axe: string): Promise<string[]> {
  await page.evaluate(axe);
  const found = (await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<{ violations: unknown }> } }).axe.run(),
  )) as { violations: readonly Finding[] };
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("; ")}`,
    );
}

/** What makes the page wider than its window; nothing if the page fits. */
async function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll("body *")].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1,
    );
    return [`${scrollWidth} > ${clientWidth}`, ...wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 160))];
  });
}
