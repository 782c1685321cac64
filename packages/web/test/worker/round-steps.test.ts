import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { deployEscrow } from "@zkcmp/chain/escrow-deployment";
import { Journal, JournalError } from "@zkcmp/chain/journal";
import type { Party } from "@zkcmp/chain/party";
import { acceptDisclosure } from "@zkcmp/chain/rounds/accept";
import { fundRound } from "@zkcmp/chain/rounds/fund";
import { RoundError, RoundTimeError } from "@zkcmp/chain/rounds/round-error";
import { encodeRoundFile, type RoundFile } from "@zkcmp/chain/rounds/round-file";
import { encodeReceipt, parseDisclosure } from "@zkcmp/chain/rounds/round-message";
import { roundIdToHex } from "@zkcmp/chain/rounds/round-terms";
import { submitRound } from "@zkcmp/chain/rounds/submit";
import { CircuitKeyMissingError } from "@zkcmp/groth16/trusted-circuit-key";
import { endCurve } from "@zkcmp/groth16/curve";
import { TrustStoreError } from "@zkcmp/groth16/trust-file";
import { FileFormatError } from "@zkcmp/network/json-file";
import { fieldToHex, type Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import { SampleTableError } from "@zkcmp/shapley/sample-table";
import { SamplesError } from "@zkcmp/shapley/samples";
import { expect } from "chai";
import { accountAt, DAY, expectRefusal, HOUR, LIVE_CHAIN } from "../../../chain/test/fixture.ts";
import { open, openRoundWorld, prove, type RoundWorld } from "../../../chain/test/rounds/fixture.ts";
import type { StepProgress } from "../../src/progress.ts";
import { type DroppedFile, RoundSteps } from "../../src/worker/round-steps.ts";
import { RoundsDesk } from "../../src/worker/rounds-desk.ts";
import { TrustStore } from "../../src/worker/trust-store.ts";
import { DeskSession } from "./desk-session.ts";

/** A number of rows that occurs nowhere else: 33.0625 as a CSV has it, and the digit that it becomes. */
const MARKER = { text: "33.0625", digit: 128 + 33 };

function dropped(name: string, text: string): DroppedFile {
  return { name, text: async () => text };
}

function fileAddress(text: string): string {
  return `data:application/json,${encodeURIComponent(text)}`;
}

/** The rows of a provider: y = x. */
function csv(...values: readonly (number | string)[]): DroppedFile {
  return dropped("rows.csv", `x,note,y\n${values.map((value) => `${value},n,${value}`).join("\n")}\n`);
}

describe("the page's steps of a round", function () {
  this.timeout(180_000);
  let world: RoundWorld;
  let escrow: Address;
  let round: RoundFile;
  let id: Hex;
  let homes = 0;
  before(async () => {
    world = await openRoundWorld();
    escrow = await deployEscrow(world.connection, accountAt(9));
    round = await open(world);
    id = roundIdToHex(round.roundId);
  });
  after(async () => {
    await world.close();
    await endCurve();
  });

  /** A browser: a home of its own, that opens the page again and again. */
  class Browser {
    readonly home = join(world.folder, `browser-${homes++}`);
    rounds: readonly string[] = [];
    trustedKeys: string | null = null;
    contracts = [{ address: world.rewards, block: 0 }];
    wallet: Party["wallet"] | null = null;

    /** The page, as after a reload: nothing is left but the journal. */
    page(): RoundSteps {
      return new RoundSteps(this.session());
    }

    session(): DeskSession & { home: string } {
      const { rounds, trustedKeys, contracts, home } = this;
      const session = new (class extends DeskSession {
        override async deployment() {
          return { ...(await super.deployment()), rounds: [...rounds], trustedKeys, rewards: contracts };
        }
      })(world.connection, new Journal(home), escrow);
      if (this.wallet !== null) session.use(this.wallet);
      return Object.assign(session, { home });
    }
  }

  /** A browser of a provider, on a market that publishes the round and the development keys. */
  async function providerBrowser(account: number): Promise<Browser> {
    const browser = new Browser();
    browser.rounds = [fileAddress(encodeRoundFile(round))];
    browser.trustedKeys = fileAddress(await readFile(world.trustStore, "utf8"));
    browser.wallet = accountAt(account);
    return browser;
  }

  /** What the owner does with the disclosure of a page. */
  async function receiptFor(disclosure: string): Promise<DroppedFile> {
    const { message } = await acceptDisclosure(world.owner, parseDisclosure(JSON.parse(disclosure), "d"));
    return dropped("receipt.json", encodeReceipt(message));
  }

  it("lists the rounds of the market, and says what was published in vain", async () => {
    const browser = new Browser();
    expect(await new Browser().page().list()).to.deep.include({ leftOut: [], contracts: [world.rewards] });
    browser.rounds = [fileAddress(encodeRoundFile(round)), fileAddress("no json")];
    browser.contracts = [...browser.contracts, { address: escrow, block: 0 }];
    browser.wallet = world.owner.wallet;
    const { rounds, leftOut } = await browser.page().list();
    const [line] = rounds;
    expect(rounds).to.have.length(1);
    expect(line).to.deep.include({ roundId: id, state: "open", window: "registration", slots: 3, hasFile: true });
    expect(line!.own).to.equal("owner");
    expect(leftOut.map(({ source }) => source.slice(0, 12))).to.deep.equal(["the publishe", "the rewards "]);
  });

  it("knows a dropped round file, unless it is damaged, changed or of no round", async () => {
    const browser = new Browser();
    browser.contracts = [];
    const text = encodeRoundFile(round);
    const add = (changed: string) => browser.page().addRoundFile(dropped("round.json", changed));
    await expectRefusal(add(text.slice(0, 50)), FileFormatError, /^round\.json is not valid JSON/);
    await expectRefusal(add(text.replace(`"ridgeBits": 12`, `"ridgeBits": 13`)), RoundError, /not that of its terms/);
    await expectRefusal(add(text.replace(`"scale": 1`, `"scale": 2`)), RoundError, /not the one that the round names/);
    expect((await browser.page().list()).rounds).to.deep.equal([]);
    expect(await add(text)).to.deep.equal({ rewards: world.rewards, roundId: id });
    expect((await browser.page().list()).rounds).to.have.length(1);
    expect((await browser.page().look(world.rewards, id)).encoding).to.deep.equal(round.encoding);
  });

  it("takes no verifier that nobody has checked, and no development key off development chains", async () => {
    const browser = await providerBrowser(7);
    browser.trustedKeys = null;
    await browser.page().list();
    const missing = () => browser.page().check(world.rewards, id);
    const { isTrusted, problem } = (await missing()) as { isTrusted: boolean; problem?: string };
    expect(isTrusted).to.equal(false);
    expect(problem).to.match(/no verified key/);
    const commit = browser.page().commitRows(world.rewards, id, csv(1, 2), { dropMissing: false });
    await expectRefusal(commit, CircuitKeyMissingError, /no verified key/);
    const text = await readFile(world.trustStore, "utf8");
    const taken = new TrustStore(browser.session()).take({ chainId: LIVE_CHAIN }, text, "trusted-keys.json");
    await expectRefusal(taken, TrustStoreError, /no key of a ceremony/);
    expect((await missing()).isTrusted).to.equal(false);
    await new TrustStore(browser.session()).take(world.connection, text, "trusted-keys.json");
    expect(await missing()).to.deep.include({ isTrusted: true, isDevelopment: true });
    const published = await providerBrowser(7);
    expect(await published.page().check(world.rewards, id)).to.deep.include({ isDevelopment: true });
  });

  it("reads rows in facts, and says line and column of what is missing or too much", async () => {
    const page = (await providerBrowser(7)).page();
    await page.list();
    const read = (file: DroppedFile, dropMissing = false) => page.readRows(world.rewards, id, file, { dropMissing });
    const { facts, report, dropped: lines } = await read(csv(1, 2, 2, 500));
    expect(facts).to.deep.include({ rows: 4, repeated: 1 });
    expect(report[0]).to.deep.include({ name: "x", low: 1, high: 500, clipped: 0.25 });
    expect(lines).to.deep.equal([]);
    await expectRefusal(read(csv(1, "", 3)), SampleTableError, /rows\.csv.*line 3/s);
    expect((await read(csv(1, "", 3), true)).dropped).to.deep.equal([3]);
    await expectRefusal(read(dropped("rows.csv", "a,b\n1,2\n")), SampleTableError, /x/);
    const many = page.commitRows(world.rewards, id, csv(1, 2, 3, 4, 5, 6, 7, 8, 9), { dropMissing: false });
    await expectRefusal(many, SamplesError, /9/);
  });

  it("brings rows into a round, over reloads at every step, and lets nothing of them out but the commitment", async () => {
    const browser = await providerBrowser(2);
    const rows = csv(MARKER.text, -20, MARKER.text, 5);
    const sent: string[] = [];
    const { node } = world;
    node.before = (method, params) => sent.push(JSON.stringify({ method, params }));
    const fetched: string[] = [];
    const { fetch: ownFetch } = globalThis;
    globalThis.fetch = async (input, init) => {
      const address = String(input);
      if (!address.startsWith("data:") || (init?.body ?? null) !== null) fetched.push(address);
      return ownFetch(input, init);
    };
    const steps = async () => Object.values((await browser.page().look(world.rewards, id)).steps).join(" ");

    expect(await steps()).to.equal("now later later later later later");
    const progress: StepProgress[] = [];
    const options = { dropMissing: false };
    const made = await browser.page().commitRows(world.rewards, id, rows, options, (each) => progress.push(each));
    expect(made.rows).to.equal(4);
    expect(progress.length).to.be.greaterThan(1);
    expect(await steps()).to.equal("done now wait later later later");
    const again = await browser.page().commitRows(world.rewards, id, rows, options);
    expect(again.commitment, "the same rows have one commitment").to.equal(made.commitment);

    const disclosure = await browser.page().disclosure(world.rewards, id);
    expect(disclosure.name).to.match(/^disclosure-[0-9a-f]{8}-[0-9a-f]{6}\.json$/);
    expect(disclosure.text).to.contain(`[${MARKER.digit},${MARKER.digit}]`);
    const before = sent.length;
    const receipt = await receiptFor(disclosure.text);
    sent.splice(before);

    const { register } = browser.page();
    await expectRefusal(register.call(browser.page(), world.rewards, id), RoundError, /no receipt/);
    const take = (file: DroppedFile) => browser.page().takeReceipt(world.rewards, id, file);
    await expectRefusal(take(dropped("r.json", "{")), FileFormatError, /^r\.json is not valid JSON/);
    const text = await receipt.text();
    await expectRefusal(take(dropped("r.json", text.replace(/(?<="receipt":"0x)../, "00"))), RoundError, /not signed/);
    await take(receipt);
    expect(await steps()).to.equal("done done done now later later");
    expect((await browser.page().register(world.rewards, id)).slot).to.equal(0);
    expect((await browser.page().register(world.rewards, id)).slot, "registered once").to.equal(0);
    expect(await steps()).to.equal("done done done done wait later");
    node.before = () => {};
    globalThis.fetch = ownFetch;

    const { salt, samples } = parseDisclosure(JSON.parse(disclosure.text), "d");
    const all = sent.join("\n");
    const digits = samples.rows.map((row) => [...row].join(","));
    const words = samples.rows.flatMap((row) => [...row].map((digit) => digit.toString(16).padStart(64, "0")));
    for (const secret of [MARKER.text, fieldToHex(salt).slice(2), salt.toString(), ...digits, ...words]) {
      expect(all, "nothing of the rows or their salt leaves").to.not.contain(secret);
      expect(all).to.not.contain(Buffer.from(secret).toString("hex"));
    }
    expect(fetched, "and no other way is used").to.deep.equal([]);
    const raw = sent.filter((each) => each.includes("eth_sendRawTransaction"));
    expect(raw).to.have.length(1);
    expect(raw[0], "the commitment does").to.contain(fieldToHex(made.commitment).slice(2));
  });

  it("says which account the rows were committed to with", async () => {
    const browser = await providerBrowser(5);
    await browser.page().list();
    await browser.page().commitRows(world.rewards, id, csv(7, 8), { dropMissing: false });
    const first = browser.wallet!.address.toLowerCase();
    const disclosure = await browser.page().disclosure(world.rewards, id);
    const receipt = await receiptFor(disclosure.text);
    browser.wallet = accountAt(6);
    const view = await browser.page().look(world.rewards, id);
    expect(view).to.deep.include({ contribution: null, otherAccounts: [first] });
    await expectRefusal(browser.page().takeReceipt(world.rewards, id, receipt), RoundError, /the receipt is for 0x/);
    await expectRefusal(browser.page().disclosure(world.rewards, id), JournalError, /no contribution/);
  });

  it("signs a consent that another page sends, and takes back what was not used", async () => {
    const browser = await providerBrowser(3);
    await browser.page().list();
    await browser.page().commitRows(world.rewards, id, csv(-60, 60, 33), { dropMissing: false });
    await browser
      .page()
      .takeReceipt(world.rewards, id, await receiptFor((await browser.page().disclosure(world.rewards, id)).text));
    const consent = await browser.page().signConsent(world.rewards, id);
    expect(await browser.page().signConsent(world.rewards, id)).to.deep.equal(consent);
    expect((await browser.page().look(world.rewards, id)).consentUntil).to.equal(round.terms.registrationUntil);
    expect((await browser.page().revoke(world.rewards, id)).transaction).to.not.equal(null);
    expect((await browser.page().look(world.rewards, id)).consentUntil).to.equal(null);
    const relay = async (text: string) =>
      (await providerBrowser(4)).page().relay(world.rewards, id, dropped("consent.json", text));
    await expectRefusal(relay(consent.text), RoundError, /taken back/);
    const fresh = await browser.page().signConsent(world.rewards, id);
    expect(fresh.text).to.not.equal(consent.text);
    const payee = browser.wallet!.address.toLowerCase();
    expect(await relay(fresh.text)).to.deep.include({ payee, slot: 1 });
    expect((await browser.page().look(world.rewards, id)).own!.slot).to.equal(1);
  });

  it("shows values and rewards, claims them to any address and for others, again when the pool has grown", async () => {
    const { owner, stranger, trustStore, node } = world;
    const pay = (name: string) => fundRound(owner, round, { amount: 10n ** 18n, name }, trustStore);
    await pay("first");
    await node.advanceTime(HOUR + 1);
    // A page that was never here before: no round file, no journal, only the link.
    const browser = new Browser();
    browser.trustedKeys = fileAddress(await readFile(trustStore, "utf8"));
    browser.wallet = accountAt(2);
    const { rewards } = world;
    expect((await browser.page().look(rewards, id)).chart).to.equal(null);
    await expectRefusal(browser.page().claim(rewards, id, {}), RoundTimeError, /no proof/);
    await expectRefusal(browser.page().chartFile(rewards, id), RoundError, /nothing to draw/);
    const { roundProof } = await prove(world, round);
    await submitRound(stranger, round, roundProof, trustStore);

    const view = await browser.page().look(rewards, id);
    expect(view.chart!.panels.map(({ tone }) => tone)).to.deep.equal(["value", "reward"]);
    const { earned } = view.own!;
    expect(earned! > 0n).to.equal(true);
    expect(view.steps.claim).to.equal("now");
    const to = accountAt(8).address.toLowerCase() as Address;
    const balance = await world.connection.provider.getBalance(to);
    expect(await browser.page().claim(rewards, id, { to })).to.deep.include({ amount: earned, earned });
    expect((await world.connection.provider.getBalance(to)) - balance).to.equal(earned);
    expect((await browser.page().look(rewards, id)).steps.claim).to.equal("done");
    await pay("second");
    const grown = (await browser.page().look(rewards, id)).own!;
    expect((await browser.page().claim(rewards, id, {})).amount).to.equal(grown.earned! - earned!);
    const other = view.status.providers[1]!.payee;
    const claimed = await browser.page().claim(rewards, id, { payee: other });
    expect(claimed.payee).to.equal(other);
    expect(await browser.page().forward(rewards, id)).to.deep.include({ amount: 0n, transaction: null });

    const svg = await browser.page().chartFile(rewards, id);
    expect(svg.name).to.match(/^chart-[0-9a-f]{8}\.svg$/);
    expect(svg.text).to.match(/^<\?xml.*<svg /s);
    await expectRefusal(
      browser.page().readRows(rewards, id, csv(1), { dropMissing: false }),
      RoundError,
      /how its columns become digits/,
    );
  });

  it("settles a round for which no proof came, and splits it equally", async () => {
    const { owner, trustStore, node, rewards } = world;
    round = await open(world, { label: "settled" });
    id = roundIdToHex(round.roundId);
    const browser = await providerBrowser(4);
    const desk = new RoundsDesk(browser.session());
    await desk.list();
    await desk.commitRows(rewards, id, csv(1, 9), { dropMissing: false });
    await desk.takeReceipt(rewards, id, await receiptFor((await desk.disclosure(rewards, id)).text));
    await desk.register(rewards, id);
    await fundRound(owner, round, { amount: 1000n, name: "first" }, trustStore);
    await node.advanceTime(HOUR + DAY + 1);
    expect((await desk.look(rewards, id)).status.window).to.match(/^to be settled/);
    await desk.settle(rewards, id);
    const { chart, status } = await desk.look(rewards, id);
    expect(status.equal).to.equal(true);
    expect(chart!.panels).to.have.length(1);
    expect((await desk.claim(rewards, id, {})).amount).to.equal(1000n);
  });
});
