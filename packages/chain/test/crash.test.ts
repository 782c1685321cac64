import { networkToJson } from "@zkcmp/network/network";
import { encodeBundle } from "@zkcmp/sale/bundle";
import { unsealNetwork } from "@zkcmp/sale/seal";
import { expect } from "chai";
import { join } from "node:path";
import { believingProofSystem } from "../../sale/test/fixture.ts";
import { fundPurchase, keepBundle } from "../src/buyer/fund.ts";
import { openNonce, revealTestSet } from "../src/buyer/reveal.ts";
import { awaitKey, refundPurchase } from "../src/buyer/settle.ts";
import { disclosureOf } from "../src/disclosure.ts";
import type { Account } from "../src/account.ts";
import { Journal } from "../src/journal.ts";
import type { Waiting } from "../src/network-connection.ts";
import type { Party } from "../src/party.ts";
import { offerSale } from "../src/seller/offer.ts";
import { commitSample, keepProof, provingInputs, receiveNonce, receiveTestSet } from "../src/seller/proof.ts";
import { redeemSale } from "../src/seller/redeem.ts";
import { UnansweredError } from "../src/transaction.ts";
import {
  DAY,
  type KeyParty,
  newHomes,
  openWorld,
  order,
  type PlacedOrder,
  PRICE,
  seal,
  verify,
  type World,
} from "./fixture.ts";
import { ScriptedWallet } from "./scripted-wallet.ts";

/** The end of the process, as far as this process can play it. */
class Crash extends Error {}

/** Counts what can be lost, and crashes at the chosen place, once. */
class Fate {
  #left: number;
  #isDead = false;
  /** How often it was asked. */
  asked = 0;

  constructor(crashAt: number) {
    this.#left = crashAt;
  }

  at(place: string): void {
    // Whatever the code does on its way out, a dead process does not.
    if (this.#isDead) throw new Crash(place);
    this.asked += 1;
    if (this.#left-- > 0) return;
    this.#left = Infinity;
    this.#isDead = true;
    throw new Crash(place);
  }

  /** The next process. */
  revive(): void {
    this.#isDead = false;
  }
}

class FatefulJournal extends Journal {
  readonly fate: Fate;

  constructor(home: string, fate: Fate) {
    super(home);
    this.fate = fate;
  }

  protected override async writeFile(path: string, text: string): Promise<void> {
    this.fate.at(`before ${path}`);
    await super.writeFile(path, text);
    this.fate.at(`after ${path}`);
  }
}

/** What happens after "process died": the same command is run again; to a wallet that shows no request, with the word to ask again. */
async function untilDone<T>(fate: Fate, command: (options: Waiting) => Promise<T>): Promise<T> {
  let options: Waiting = {};
  for (;;) {
    try {
      return await command(options);
    } catch (error) {
      if (error instanceof UnansweredError) options = { askAgain: true };
      else if (!(error instanceof Crash)) throw error;
      fate.revive();
    }
  }
}

/** A whole sale in which every command is run until it is done. */
async function sell(world: World<Party>, placed: PlacedOrder, ending: Ending, fate: Fate): Promise<void> {
  const { seller, buyer } = world;
  const { hash } = placed;
  const done = <T>(command: (options: Waiting) => Promise<T>): Promise<T> =>
    untilDone(fate, (options) => command({ timeout: 0, ...options }));
  await done(() => seal(world, placed));
  const { dealId } = await done((options) => offerSale(seller, hash, options));
  const revealed = await done(() => revealTestSet(buyer, hash, dealId));
  await done(() => receiveTestSet(seller.journal, hash, revealed.testSet, revealed.salt));
  const root = await done(() => commitSample(seller, hash));
  const nonce = await done(() => openNonce(buyer, hash, root));
  await done(() => receiveNonce(seller.journal, hash, nonce));
  const bundle = await done(async () => {
    const { statement, witness } = await provingInputs(seller.journal, hash);
    return keepProof(seller.journal, hash, await believingProofSystem.prove(statement, witness));
  });
  await done(() => keepBundle(buyer.journal, encodeBundle(bundle)));
  const report = await verify(world, placed, bundle);
  await done((options) => fundPurchase(buyer, hash, { bundle, report }, options));
  if (ending === "refund") {
    await world.node.advanceTime(DAY);
    await done((options) => refundPurchase(buyer, hash, options));
    return;
  }
  await done((options) => redeemSale(seller, hash, options));
  const { key, opening } = await done((options) => awaitKey(buyer, hash, options));
  const opened = unsealNetwork(bundle.core, placed.order, bundle.ciphertext, world.keys.privateKey, key, opening);
  expect(networkToJson(opened)).to.deep.equal(networkToJson(world.network));
}

type Ending = "redeem" | "refund";

/** Who signs: this process, or a wallet that behaves, or one whose answers are lost after it has sent. */
type Signing = "keys" | "wallets" | "forgetful wallets";

describe("a crash", function () {
  this.timeout(180_000);
  let chain: World;
  let snapshot: unknown;
  before(async () => {
    chain = await openWorld();
  });
  beforeEach(async () => {
    snapshot = await chain.node.local.transport("evm_snapshot", []);
  });
  afterEach(async () => {
    chain.node.before = chain.node.after = () => {};
    await chain.node.local.transport("evm_revert", [snapshot]);
  });
  after(() => chain.close());

  function walletOf(world: World, { wallet }: KeyParty, signing: Signing): Account {
    if (signing === "keys") return wallet;
    const scripted = new ScriptedWallet(world.node.local.transport, world.connection.chainId, [wallet]);
    if (signing === "forgetful wallets") scripted.reaction = "lose";
    return scripted.account();
  }

  /** Sells with a crash at one place. @returns how many places there were */
  async function sellWithCrash(crashAt: number, ending: Ending, signing: Signing): Promise<number> {
    const world = await newHomes(chain);
    const placed = await order(world, { sampledRows: 3 });
    const fate = new Fate(crashAt);
    const homes = [world.seller.journal.home, world.buyer.journal.home] as const;
    const fateful: World<Party> = {
      ...world,
      seller: {
        ...world.seller,
        wallet: walletOf(world, world.seller, signing),
        journal: new FatefulJournal(homes[0], fate),
      },
      buyer: {
        ...world.buyer,
        wallet: walletOf(world, world.buyer, signing),
        journal: new FatefulJournal(homes[1], fate),
      },
    };
    const atBroadcast = (when: string) => (method: string) => {
      if (method === "eth_sendRawTransaction") fate.at(`${when} broadcast`);
    };
    world.node.before = atBroadcast("before");
    world.node.after = atBroadcast("after");

    const { provider } = world.connection;
    const [seller, buyer] = [world.seller.wallet.address, world.buyer.wallet.address];
    const nonces = [await provider.getTransactionCount(seller), await provider.getTransactionCount(buyer)];
    const earned = await provider.getBalance(seller);
    await sell(fateful, placed, ending, fate);

    // Every step was mined once and once only, whatever was sent how often.
    const sent = ending === "redeem" ? [2, 1] : [1, 2];
    expect(await provider.getTransactionCount(seller)).to.equal(nonces[0]! + sent[0]!);
    expect(await provider.getTransactionCount(buyer)).to.equal(nonces[1]! + sent[1]!);
    expect(await provider.getBalance(world.escrow)).to.equal(0n);
    const gain = (await provider.getBalance(seller)) - earned;
    expect(gain > 0n).to.equal(ending === "redeem");
    expect(gain < (ending === "redeem" ? PRICE : 1n)).to.equal(true);
    const { network } = await world.seller.journal.sale(placed.hash);
    expect((await disclosureOf(world.seller.journal, network.model)).answers).to.have.lengthOf(1);
    await world.close();
    return fate.asked;
  }

  for (const [ending, signing] of [
    ["redeem", "keys"],
    ["refund", "keys"],
    ["redeem", "wallets"],
    ["refund", "wallets"],
    ["redeem", "forgetful wallets"],
  ] as const) {
    it(`loses nothing and pays nothing twice, wherever it comes in a sale that ends in a ${ending}, with ${signing}`, async () => {
      const places = await sellWithCrash(Infinity, ending, signing);
      expect(places).to.be.greaterThan(40);
      // The two endings differ in the last steps only.
      for (let place = ending === "redeem" ? 0 : places - 10; place < places; place++) {
        await chain.node.local.transport("evm_revert", [snapshot]);
        snapshot = await chain.node.local.transport("evm_snapshot", []);
        await sellWithCrash(place, ending, signing);
      }
    });
  }

  it("is told from a second key: what was sealed before it is what is offered after it", async () => {
    const world = await newHomes(chain);
    const placed = await order(world);
    const fate = new Fate(3);
    const journal = new FatefulJournal(join(world.seller.journal.home), fate);
    await untilDone(fate, () => seal({ ...world, seller: { ...world.seller, journal } }, placed));
    const first = await world.seller.journal.sale(placed.hash);
    await seal(world, placed);
    expect(await world.seller.journal.sale(placed.hash)).to.deep.equal(first);
    await world.close();
  });
});
