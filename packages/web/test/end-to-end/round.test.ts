import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { developmentAccount } from "@zkcmp/chain/development-account";
import { Journal } from "@zkcmp/chain/journal";
import { importJournal } from "@zkcmp/chain/journal-backup";
import { connect } from "@zkcmp/chain/network-connection";
import { acceptDisclosure } from "@zkcmp/chain/rounds/accept";
import { encodeReceipt, parseDisclosure } from "@zkcmp/chain/rounds/round-message";
import { expect } from "chai";
import { ACCOUNTS } from "../../server/filled-market.ts";
import { describeInBrowser } from "./stage.ts";
import type { SharedMarket } from "./shared-market.ts";
import { connectWallet, downloadOf, fileAt, give, type PassedFile, press, REJECTED, sees, alertOf } from "./steps.ts";

/** What the round's owner does with the command line: looks at the rows, and gives a receipt. */
async function receiptFor(market: SharedMarket, disclosure: PassedFile): Promise<PassedFile> {
  const home = await mkdtemp(join(tmpdir(), "zkcmp-owner-"));
  const connection = await connect(market.nodeUrl);
  try {
    const journal = new Journal(home);
    await importJournal(journal, (await fileAt(market.sample("seller-journal.json"))).text);
    const owner = { connection, journal, wallet: developmentAccount(connection, ACCOUNTS.seller) };
    const parsed = parseDisclosure(JSON.parse(disclosure.text), disclosure.name);
    return { name: "receipt.json", text: encodeReceipt((await acceptDisclosure(owner, parsed)).message) };
  } finally {
    await connection.close();
    await rm(home, { recursive: true });
  }
}

describeInBrowser("a rewards round", (stage) => {
  it("takes a provider in, whose rows leave the browser by its own hand alone, with reloads and a rejection on the way", async () => {
    const { market } = stage();
    const { rewards, openRound } = market.filled;
    const provider = await stage().party(7);
    const { page, wallet } = provider;
    const sent: string[] = [];
    provider.context.on("request", (request) => sent.push(request.postData() ?? ""));
    await provider.go("#/rounds");
    await page.locator(`a[href="#/rounds/${rewards}/${openRound}"]`).first().click();
    await connectWallet(provider);
    const rows = await fileAt(market.sample("round-rows.csv"));
    await give(page, "Your rows (CSV)", rows);
    await press(page, /^Commit to 7 rows$/);
    await sees(page, /Committed to 7 rows/);
    await provider.reload();

    await page.getByLabel(/^I let the owner see my 7 rows/).check();
    const disclosure = await downloadOf(page, () => press(page, "Download the disclosure"));
    const receipt = await receiptFor(market, disclosure);
    await provider.reload();

    await give(page, "The owner’s receipt", receipt);
    await sees(page, /receipt for 7 rows is here/);
    await provider.reload();
    await sees(page, /receipt for 7 rows is here/);

    wallet.next("eth_sendTransaction", "reject");
    await press(page, "Register");
    expect(await alertOf(page)).to.match(REJECTED);
    wallet.next("eth_sendTransaction", "lose");
    await press(page, "Register");
    await sees(page, "You are registered in slot 2 of 3.");
    await provider.reload();
    await sees(page, "You are registered in slot 2 of 3.");

    // Not one row, as text or as digits, is in anything that was sent.
    const digits = JSON.parse(disclosure.text) as { rows: number[][]; salt: string };
    for (const body of sent) {
      expect(body).not.to.contain(digits.salt.slice(2));
      for (const row of digits.rows) expect(body).not.to.contain(row.join(","));
      for (const line of rows.text.trim().split("\n").slice(1)) expect(body).not.to.contain(line);
    }
    expect(provider.troubles).to.deep.equal([]);
  });

  it("shows what everybody's rows were worth, and pays", async () => {
    const { market } = stage();
    const { rewards, finishedRound } = market.filled;
    const provider = await stage().party(ACCOUNTS.providers[1]);
    const { page, wallet } = provider;
    await provider.go(`#/rounds/${rewards}/${finishedRound}`);
    await connectWallet(provider);
    await sees(page, "What the rows were worth");
    const values = page.getByRole("table").filter({ hasText: "Shapley value" });
    expect(await values.getByRole("row").count()).to.equal(4);
    expect(await values.innerText()).to.match(/-\d+\.\d %/);
    const chart = await downloadOf(page, () => press(page, "Download the chart (SVG)"));
    expect(chart.text).to.match(/<svg /);

    const balance = async (): Promise<bigint> =>
      BigInt((await market.transport("eth_getBalance", [wallet.address, "latest"])) as string);
    const before = await balance();
    const claim = page.getByRole("button", { name: /^Claim 0\.\d+ ether$/ });
    wallet.next("eth_sendTransaction", "reject");
    await claim.click();
    expect(await alertOf(page)).to.match(REJECTED);
    await provider.reload();
    await claim.click();
    await sees(page, "Everything that was earned so far is paid.");
    await provider.reload();
    await sees(page, "Everything that was earned so far is paid.");
    expect(await claim.count()).to.equal(0);
    expect((await balance()) > before).to.equal(true);
    expect(wallet.signatures()).to.equal(2);
    expect(provider.troubles).to.deep.equal([]);
  });
});
