import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJournal } from "@zkcmp/chain/journal-backup";
import { chainTime, connect } from "@zkcmp/chain/network-connection";
import { createLibra } from "@zkcmp/libra/proof-system";
import { score } from "@zkcmp/network/score";
import { sliceTestSet } from "@zkcmp/network/testset";
import { fieldToHex } from "@zkcmp/sale/hex";
import { parseEther } from "ethers";
import { chromium, type Page } from "playwright-core";
import { ownDigits } from "../demo/data.ts";
import { buyer, order, party, proveDeal, reveal, sealAndOffer } from "../demo/market.ts";
import { demoModel } from "../demo/model.ts";
import { CHROMIUM, NO_CHROMIUM } from "../packages/field/test/browser/chromium.ts";
import { openMarket } from "../packages/web/server/market.ts";
import { builtPage } from "../packages/web/server/page-build.ts";
import { digitNetwork } from "./bench-network.ts";
import { type Measure, type Measured, spread } from "./figure.ts";

/** Rows of the demo's deal. */
const ROWS = 1_000;
const RUNS = 5;

const VERIFY = { id: "web.verify.demo", unit: "s", bar: 2 } as const;
const TASK = { id: "web.verify.longestTask", unit: "s", bar: 0.1 } as const;
const LARGE = { id: "web.verify.784-128-10", unit: "s", bar: null } as const;
const LARGE_TASK = { id: "web.verify.784-128-10.longestTask", unit: "s", bar: null } as const;

/** What one drop of a bundle on a page that was just loaded has taken. */
interface Drop {
  /** Seconds from the drop until the result stands on the page. */
  readonly seconds: number;
  /** Seconds of the main thread's longest task meanwhile; 0 if none was longer than the 0.05 that browsers report. */
  readonly longestTask: number;
}

/**
 * A buyer drops a bundle on the page of a deal, in a headless Chromium: the page is the one that is built, its node a development
 * chain, and the check is the whole one, chain and buyer's key included.
 */
export const webVerifyMeasures: readonly Measure[] = [
  {
    ids: [VERIFY.id, TASK.id, LARGE.id, LARGE_TASK.id],
    run: async () => {
      if (CHROMIUM === null) {
        return [VERIFY, TASK, LARGE, LARGE_TASK].map((figure) => ({ ...figure, value: null, note: NO_CHROMIUM }));
      }
      const folder = await mkdtemp(join(tmpdir(), "zkcmp-bench-"));
      const market = await openMarket({ page: await builtPage(), folder, port: 0, nodePort: 0 });
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--disable-gpu", "--disable-quic"] });
      try {
        const name = `Chromium ${browser.version()}`;
        const digits = ownDigits();
        const demo = { network: (await demoModel(digits)).network, rows: digits.heldOut, note: "the demo's 196-16-10" };
        const figures: Measured[] = [];
        for (const [{ network, rows, note }, verify, task] of [
          [demo, VERIFY, TASK],
          [await digitNetwork(), LARGE, LARGE_TASK],
        ] as const) {
          const deal = await provenDeal(market, folder, verify.id, { network, testSet: sliceTestSet(rows, 0, ROWS) });
          const page = await (await browser.newContext()).newPage();
          await restore(page, market.url, deal);
          const drops: Drop[] = [];
          for (let run = 0; run < RUNS; run++)
            drops.push(await drop(page, `${market.url}#/deal/${deal.dealId}`, deal.bundle));
          const where = `${note}, ${ROWS} rows, a bundle of ${deal.bundle.length} bytes dropped on a page just loaded in ${name}`;
          figures.push(
            { ...verify, ...spread(drops.map(({ seconds }) => seconds)), note: where },
            {
              ...task,
              value: Math.max(...drops.map(({ longestTask }) => longestTask)),
              runs: RUNS,
              note: `the longest of all runs; 0 means that none was over 0.05 s, from where on browsers report them`,
            },
          );
          await page.context().close();
        }
        return figures;
      } finally {
        await browser.close();
        await market.close();
      }
    },
  },
];

interface ProvenDeal {
  readonly dealId: string;
  readonly bundle: string;
  readonly journal: string;
  readonly key: string;
}

/** A deal up to its bundle, by the steps of both sides in this process. */
async function provenDeal(
  { nodeUrl, filled }: Awaited<ReturnType<typeof openMarket>>,
  folder: string,
  name: string,
  {
    network,
    testSet,
  }: { readonly network: Parameters<typeof score>[0]; readonly testSet: Parameters<typeof score>[1] },
): Promise<ProvenDeal> {
  const connection = await connect(nodeUrl);
  const chain = { ...connection, escrow: filled.escrow, advanceTime: async () => undefined };
  const seller = await party(chain, join(folder, "bench", name, "seller"), 8);
  const client = await buyer(chain, join(folder, "bench", name, "buyer"), 7);
  const proofSystem = createLibra();
  const placed = await order(chain, client, {
    testSet,
    threshold: score(network, testSet).right,
    price: parseEther("1"),
    timeToRedeem: 24 * 3_600,
    now: await chainTime(connection),
  });
  const offered = await sealAndOffer(seller, placed, network, proofSystem);
  await reveal(seller, client, offered);
  const { text } = await proveDeal(seller, offered.orderHash, proofSystem);
  const { privateKey, publicKey } = client.keyPair;
  const key = JSON.stringify({ format: "zkcmp-x25519-key", version: 1, privateKey, publicKey });
  const journal = await exportJournal(client.journal);
  await connection.close();
  return { dealId: fieldToHex(offered.dealId), bundle: text, journal, key };
}

async function give(page: Page, label: string, text: string): Promise<void> {
  const file = { name: "file.json", mimeType: "application/json", buffer: Buffer.from(text) };
  await page.getByLabel(label, { exact: true }).setInputFiles(file);
}

/** Puts the buyer's key and journal into the browser. */
async function restore(page: Page, url: string, { key, journal }: ProvenDeal): Promise<void> {
  await page.goto(`${url}#/keys`);
  await give(page, "Choose or drop a key file", key);
  await page.getByText(/^The key .* is in this browser$/).waitFor();
  await give(page, "Choose or drop a journal backup", journal);
  await page.getByText(/files? put back$/).waitFor();
}

/** Runs in the page, whose own clock measures: from the drop to the frame after the one in which the result is shown. */
const MEASURE = `new Promise((resolve) => {
  let start = 0;
  let longest = 0;
  const take = (entries) => {
    for (const { duration } of entries) longest = Math.max(longest, duration);
  };
  const tasks = new PerformanceObserver((list) => take(list.getEntries()));
  addEventListener("change", () => {
    start = performance.now();
    tasks.observe({ type: "longtask" });
  }, { capture: true, once: true });
  const look = new MutationObserver(() => {
    const titles = [...document.querySelectorAll(".notice-title")].map(({ textContent }) => textContent);
    if (start === 0 || !titles.includes("Everything was checked, and everything holds.")) return;
    look.disconnect();
    requestAnimationFrame(() => setTimeout(() => {
      const seconds = (performance.now() - start) / 1000;
      // What is still running is reported when it is over.
      setTimeout(() => {
        take(tasks.takeRecords());
        resolve({ seconds, longestTask: longest / 1000 });
      }, 200);
    }));
  });
  look.observe(document.body, { childList: true, subtree: true, characterData: true });
})`;

/** Loads the deal's page anew and drops the bundle. */
async function drop(page: Page, url: string, bundle: string): Promise<Drop> {
  await page.goto("about:blank");
  await page.goto(url);
  const zone = page.getByLabel("Bundle from the seller");
  await zone.waitFor();
  // Its first looks at the chain are over.
  await page.waitForTimeout(1_000);
  const measured = page.evaluate<Drop>(MEASURE);
  await give(page, "Bundle from the seller", bundle);
  return measured;
}
