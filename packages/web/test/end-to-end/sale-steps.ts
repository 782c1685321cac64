import type { Hex } from "@zkcmp/sale/hex";
import type { Page } from "playwright-core";
import { drawFlats, flatsCsv } from "../../server/flats.ts";
import type { SharedMarket } from "./shared-market.ts";
import { PATIENCE, type BrowserParty } from "./stage.ts";
import { downloadOf, fileAt, give, type PassedFile, press, sees } from "./steps.ts";

/*
 * The steps of a sale as buyer and seller do them on their pages. What one has for the other is a file or the deal's id, and
 * that is all that they share.
 */

/** Rows of an order of these tests, and how many of them must be right: the market's network has about 95 in 100. */
export const ROWS = 120;
export const THRESHOLD = 100;

/** Fills the form of a new order, up to its signature. @param seed draws rows that no other order has */
export async function fillOrder({ page, go }: BrowserParty, market: SharedMarket, seed: number): Promise<void> {
  await go("#/ask");
  await give(page, "Test set", { name: "rows.csv", text: flatsCsv(drawFlats(ROWS, seed)) });
  await give(page, "Encoding", await fileAt(market.sample("encoding.json")));
  await sees(page, "Largest class");
  await page.getByLabel("Threshold T").fill(String(THRESHOLD));
  await sees(page, "What a proof would state");
  await page.getByLabel("Price", { exact: true }).fill("0.5");
  const makeKey = page.getByRole("button", { name: "Make a key" });
  const keys = page.getByRole("combobox", { name: "Key", exact: true });
  await makeKey.or(keys).first().waitFor();
  if (await makeKey.isVisible()) {
    await makeKey.click();
    await sees(page, "Keep a backup of the key.");
  }
}

/** The order that the page now shows. */
export async function orderOnPage(page: Page): Promise<Hex> {
  await page.waitForURL(/#\/orders\/0x[0-9a-f]{64}$/, { timeout: PATIENCE });
  return idIn(page);
}

/** The last part of the page's address. */
export function idIn(page: Page): Hex {
  return page.url().split("/").at(-1) as Hex;
}

/** The file that the buyer sends to sellers. */
export async function orderFileOf({ page }: BrowserParty): Promise<PassedFile> {
  return downloadOf(page, () => press(page, "Download the order file"));
}

/** The seller reads the order, turns the trained network into integers, and seals it. */
export async function sealFor(
  { page, go }: BrowserParty,
  market: SharedMarket,
  order: PassedFile,
  model?: { readonly name: string; readonly bytes: Uint8Array },
): Promise<void> {
  await go("#/sell");
  await give(page, "Choose or drop the buyer's order file", order);
  await sees(page, "Choose or drop another order file");
  if (model === undefined) await give(page, "Choose or drop the model", await fileAt(market.sample("model.json")));
  else {
    const { name, bytes } = model;
    const file = { name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) };
    await page.getByLabel("Choose or drop the model").setInputFiles(file);
  }
  await give(page, "Choose or drop the calibration rows", await fileAt(market.sample("calibration.csv")));
  await press(page, "Quantise and measure");
  await sees(page, "To be sold");
  await sees(page, "The network fits the order");
  await press(page, "Seal the network");
  await page.waitForURL(/#\/sell\/0x[0-9a-f]{64}$/, { timeout: PATIENCE });
}

/** The deal's id, as the seller sends it. */
export async function dealOf({ page }: BrowserParty): Promise<Hex> {
  await sees(page, "Waiting for the buyer's test set");
  const href = await page.getByRole("link", { name: "The deal's page" }).getAttribute("href");
  return href!.split("/").at(-1) as Hex;
}

/** The buyer shows the rows to the deal. */
export async function reveal({ page }: BrowserParty): Promise<PassedFile> {
  await page.getByLabel("I give these rows to this seller, for this deal and no other").check();
  return downloadOf(page, () => press(page, "Reveal the test set to this deal"));
}

/** The seller takes the rows. */
export async function takeRows({ page }: BrowserParty, file: PassedFile): Promise<void> {
  await give(page, "Choose or drop the buyer's reveal file", file);
  await page.getByRole("button", { name: "Prove in this browser" }).waitFor();
}

/** The seller proves in the browser. */
export async function prove({ page }: BrowserParty): Promise<PassedFile> {
  return downloadOf(page, () => press(page, "Prove in this browser"));
}

/** The buyer checks a bundle to the end. */
export async function checkBundle({ page }: BrowserParty, bundle: PassedFile): Promise<void> {
  await give(page, "Bundle from the seller", bundle);
  await sees(page, "Everything was checked, and everything holds.");
}

/** The seller agrees that the key becomes public, and shows it. */
export async function showKey({ page }: BrowserParty): Promise<void> {
  await page.getByLabel("I want the key to become public now").check();
  await press(page, /^Open the key for /);
}
