import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { CHROMIUM, NO_CHROMIUM } from "../packages/field/test/browser/chromium.ts";
import { sharedMarket } from "../packages/web/test/end-to-end/shared-market.ts";
import type { Measure } from "./figure.ts";

const BAR = { id: "web.firstLoad", unit: "bytes" as const, bar: 350_000 };

/** Files named in the note, the largest first. */
const NAMED = 8;

/** What a newcomer's browser fetches from the page's host until the filled market is shown and its contract is checked. */
export const webMeasures: readonly Measure[] = [
  {
    ids: [BAR.id],
    run: async () => {
      if (CHROMIUM === null) return [{ ...BAR, value: null, note: NO_CHROMIUM }];
      const market = await sharedMarket();
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--disable-gpu"] });
      try {
        const page = await browser.newPage();
        const asked = new Set<string>();
        page.on("request", (request) => {
          if (request.url().startsWith(market.url)) asked.add(request.url());
        });
        await page.goto(market.url);
        await page.getByRole("table").getByRole("row").nth(1).waitFor();
        await page.getByRole("button", { name: /code checked/ }).waitFor();
        const sizes = await Promise.all([...asked].map(async (url) => ({ url, bytes: await gzipBytes(url) })));
        sizes.sort((a, b) => b.bytes - a.bytes);
        const rest = sizes.slice(NAMED);
        const names = sizes.slice(0, NAMED).map(({ url, bytes }) => `${fileOf(url)} ${bytes}`);
        const note =
          `${sizes.length} files until the market is shown in Chromium ${browser.version()}: ${names.join(", ")}, ` +
          `${rest.length} others ${sum(rest)}`;
        return [{ ...BAR, value: sum(sizes), note }];
      } finally {
        await browser.close();
      }
    },
  },
];

function sum(sizes: readonly { readonly bytes: number }[]): number {
  return sizes.reduce((total, { bytes }) => total + bytes, 0);
}

/** Without the digits of the content's hash, which change with every build. */
function fileOf(url: string): string {
  const name = new URL(url).pathname.split("/").at(-1)!;
  return name === "" ? "index.html" : name.replace(/-[\w-]{8}(?=\.\w+$)/, "");
}

async function gzipBytes(url: string): Promise<number> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers with status ${response.status}`);
  return gzipSync(await response.bytes()).length;
}
