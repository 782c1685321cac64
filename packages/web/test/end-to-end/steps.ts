import { readFile } from "node:fs/promises";
import { expect } from "chai";
import type { Page } from "playwright-core";
import type { BrowserParty } from "./stage.ts";

/** How the page says that the wallet's user has said no. */
export const REJECTED = /wallet was told not to|rejected|You refused it/i;

/** A file as it goes from one party to the other: as text, by mail or chat. */
export interface PassedFile {
  readonly name: string;
  readonly text: string;
}

/** A file on this computer, to be dropped on a page. */
export async function fileAt(path: string): Promise<PassedFile> {
  return { name: path.split("/").at(-1)!, text: await readFile(path, "utf8") };
}

/** Gives a file to the field with this label. */
export async function give(page: Page, label: string | RegExp, ...files: readonly PassedFile[]): Promise<void> {
  await page
    .getByLabel(label, { exact: true })
    .setInputFiles(files.map(({ name, text }) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) })));
}

/** The file that the page hands out when something is done. */
export async function downloadOf(page: Page, action: () => Promise<void>): Promise<PassedFile> {
  const [download] = await Promise.all([page.waitForEvent("download"), action()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

export async function press(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole("button", { name }).click();
}

/** Connects the party's wallet, as announced by it. */
export async function connectWallet({ page, wallet }: BrowserParty): Promise<void> {
  await press(page, "Connect a wallet");
  await press(page, "Test wallet");
  await page.getByRole("button", { name: /^Account: / }).waitFor();
  expect(wallet.asked).to.include("eth_requestAccounts");
}

/** Waits for a text anywhere on the page. @throws {Error} with what the page says in its place */
export async function sees(page: Page, text: string | RegExp): Promise<void> {
  await orTell(page, page.getByText(text).first().waitFor());
}

/** Waits until the page tells of an error, and gives its words. */
export async function alertOf(page: Page): Promise<string> {
  const alert = page.getByRole("alert").first();
  await orTell(page, alert.waitFor());
  return alert.innerText();
}

async function orTell(page: Page, wait: Promise<void>): Promise<void> {
  try {
    await wait;
  } catch (cause) {
    const said = await page.locator("main").innerText({ timeout: 5_000 });
    throw new Error(`${(cause as Error).message}\nThe page says:\n${said}`, { cause });
  }
}

/** Puts the journal of a filled deal's party into its browser, and the key before it where there is one. */
export async function restoreJournal({ page, go }: BrowserParty, journal: PassedFile, key?: PassedFile): Promise<void> {
  await go("#/keys");
  if (key !== undefined) {
    await give(page, "Choose or drop a key file", key);
    await sees(page, /^The key .* is in this browser$/);
  }
  await give(page, "Choose or drop a journal backup", journal);
  await sees(page, /files? put back$/);
}
