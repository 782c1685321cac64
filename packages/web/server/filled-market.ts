import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { walletAddress } from "@zkcmp/chain/account";
import { checkBundle } from "@zkcmp/chain/buyer/bundle-check";
import { journalMaterial } from "@zkcmp/chain/buyer/buyer-material";
import { fundPurchase } from "@zkcmp/chain/buyer/fund";
import { draftOrder } from "@zkcmp/chain/buyer/new-order";
import { placeOrder } from "@zkcmp/chain/buyer/order";
import { revealTestSet } from "@zkcmp/chain/buyer/reveal";
import { awaitKey, refundPurchase } from "@zkcmp/chain/buyer/settle";
import { developmentAccount } from "@zkcmp/chain/development-account";
import { deployEscrow } from "@zkcmp/chain/escrow-deployment";
import { Journal } from "@zkcmp/chain/journal";
import { keepEncoding, keepSeenOrder } from "@zkcmp/chain/known-order";
import { exportJournal } from "@zkcmp/chain/journal-backup";
import { NodeProvider, type Transport } from "@zkcmp/chain/json-rpc";
import { chainTime, type Connection } from "@zkcmp/chain/network-connection";
import type { Party } from "@zkcmp/chain/party";
import { acceptDisclosure } from "@zkcmp/chain/rounds/accept";
import { claimReward } from "@zkcmp/chain/rounds/claim";
import { commitContribution } from "@zkcmp/chain/rounds/commit-samples";
import { fundRound } from "@zkcmp/chain/rounds/fund";
import { openRound } from "@zkcmp/chain/rounds/open";
import { proveRound } from "@zkcmp/chain/rounds/prove";
import { registerContribution } from "@zkcmp/chain/rounds/register";
import { deployRewards } from "@zkcmp/chain/rounds/rewards-deployment";
import { encodeRoundFile, type RoundFile } from "@zkcmp/chain/rounds/round-file";
import { roundIdToHex } from "@zkcmp/chain/rounds/round-terms";
import { submitRound } from "@zkcmp/chain/rounds/submit";
import { cancelSale, offerSale } from "@zkcmp/chain/seller/offer";
import { proveSale, receiveTestSet } from "@zkcmp/chain/seller/proof";
import { redeemSale } from "@zkcmp/chain/seller/redeem";
import { sealSale } from "@zkcmp/chain/seller/seal";
import { X25519Keys } from "@zkcmp/chain/x25519-keys";
import type { FieldElement } from "@zkcmp/field/element";
import { developmentKey } from "@zkcmp/groth16/circuit-key";
import { endCurve } from "@zkcmp/groth16/curve";
import { findTrustedKey } from "@zkcmp/groth16/trust-store";
import { createLibra } from "@zkcmp/libra/proof-system";
import { encodingToJson } from "@zkcmp/network/encoding";
import { testSetToJson } from "@zkcmp/network/testset";
import { encodeBundle } from "@zkcmp/sale/bundle";
import type { Hex } from "@zkcmp/sale/hex";
import { encodeOrderFile } from "@zkcmp/sale/order-file";
import { type Address, ETHER, orderHash } from "@zkcmp/sale/order";
import { roundCircuit } from "@zkcmp/shapley/round-circuit";
import type { RoundShape } from "@zkcmp/shapley/round-shape";
import { encodeTable, fitSampleEncoding, type SampleEncoding } from "@zkcmp/shapley/sample-encoding";
import { parseSampleTable } from "@zkcmp/shapley/sample-table";
import type { Samples } from "@zkcmp/shapley/samples";
import { parseEther } from "ethers";
import {
  drawFlats,
  type FlatModel,
  flatModel,
  flatsCsv,
  type FlatTable,
  flatTestSet,
  floatNetworkJson,
  rentCsv,
} from "./flats.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** Development accounts by what they do. */
export const ACCOUNTS = { seller: 0, buyer: 1, otherBuyer: 2, providers: [3, 4, 5], deployer: 9 } as const;

/** How long before now the market begins: time enough for a refund, and for a round from its opening to its claims. */
export const MARKET_AGE = 12 * DAY;

/** Rows of a test set, and how many of them a network must have right, if a buyer asks for nothing else. */
const ROWS = 200;
const THRESHOLD = 180;

const TRAINING_ROWS = 600;
const CALIBRATION_ROWS = 300;

/** Small enough that circuit, key and proof take seconds; the tests of rounds use the same one. */
export const ROUND_SHAPE: RoundShape = {
  ...{ providers: 3, rows: 8, features: 1, outputs: 1 },
  ...{ dataBits: 8, fractionBits: 36, integerBits: 6, validationRows: 8 },
};

const RIDGE_BITS = 12;

/** What a deal of the market has come to. */
export type MarketDealName =
  "redeemed" | "refunded" | "cancelled" | "funded" | "provenOffer" | "freshOffer" | "unpublishedOffer";

export interface MarketDeal {
  readonly orderHash: Hex;
  readonly dealId: FieldElement;
}

/** What was made, by which tests and the start's last words know it. */
export interface FilledMarket {
  readonly escrow: Address;
  readonly rewards: Address;
  readonly deals: Readonly<Record<MarketDealName, MarketDeal>>;
  readonly finishedRound: bigint;
  readonly openRound: bigint;
  /** Names of files in the folder `samples`. */
  readonly samples: readonly string[];
}

export interface FillOptions {
  /** The chain, which nobody else uses yet; its clock is {@link MARKET_AGE} behind. */
  readonly transport: Transport;
  readonly chainId: number;
  /** Where the page's browser finds the node. */
  readonly rpcUrl: string;
  /** Empty: what the page's host serves beside the page goes to `site`, the parties' journals to `homes`. */
  readonly folder: string;
  readonly progress?: (what: string, done?: number) => void;
}

/** Everybody and everything that the steps share. */
interface Market {
  readonly connection: Connection;
  readonly escrow: Address;
  readonly model: FlatModel;
  readonly seller: Party;
  readonly buyer: Buyer;
  readonly otherBuyer: Buyer;
  readonly site: string;
  readonly advanceTo: (time: number) => Promise<void>;
}

interface Buyer extends Party {
  readonly publicKey: Hex;
  readonly keyFile: string;
}

const proofSystem = createLibra();

/**
 * Fills a new chain with a market by the steps of its parties: deals in every state, a round with its values and one that is
 * open; and writes what belongs beside the page: `deployments.json`, orders, rounds, keys and samples.
 */
export async function fillMarket(options: FillOptions): Promise<FilledMarket> {
  const { transport, chainId, rpcUrl, folder, progress = () => undefined } = options;
  const site = join(folder, "site");
  const homes = join(folder, "homes");
  await mkdir(homes, { recursive: true, mode: 0o700 });
  const provider = new NodeProvider(transport, chainId);
  const connection = { provider, relay: provider, chainId, pollInterval: 1, close: async () => provider.destroy() };
  try {
    progress("training a network to sell");
    const train = drawFlats(TRAINING_ROWS, 1);
    const model = await flatModel(train, 7);
    const escrowBlock = await provider.getBlockNumber();
    const escrow = await deployEscrow(connection, developmentAccount(connection, ACCOUNTS.deployer));
    const advanceTo = async (time: number): Promise<void> => {
      const seconds = time - (await chainTime(connection));
      if (seconds <= 0) return;
      await transport("evm_increaseTime", [seconds]);
      await transport("evm_mine", []);
    };
    const seller = {
      connection,
      wallet: developmentAccount(connection, ACCOUNTS.seller),
      journal: new Journal(join(homes, "seller")),
    };
    const buyer = await buyerOf(connection, homes, "buyer", ACCOUNTS.buyer);
    const otherBuyer = await buyerOf(connection, homes, "other-buyer", ACCOUNTS.otherBuyer);
    const market: Market = { connection, escrow, model, seller, buyer, otherBuyer, site, advanceTo };

    const trustStore = join(site, "trusted-keys.json");
    await mkdir(site, { recursive: true });
    const key = await developmentKey(roundCircuit(ROUND_SHAPE), trustStore, {
      progress: (step, done) =>
        progress(
          step === "setup" ? "making the key of a small round's circuit" : "compiling a small round's circuit",
          done,
        ),
    });
    const rewardsBlock = await provider.getBlockNumber();
    const { verificationKey } = await findTrustedKey(trustStore, key.zkeySha256.slice(2), { development: true });
    const deployer = developmentAccount(connection, ACCOUNTS.deployer);
    const { rewards } = await deployRewards(connection, deployer, verificationKey, ROUND_SHAPE);

    progress("a round of three data providers");
    const rounds = roundsOf(market, { rewards, trustStore, zkeyPath: key.zkeyPath, homes });
    const finished = await rounds.finished();
    progress("deals of last week");
    const past = await pastDeals(market);
    await advanceTo(Math.floor(Date.now() / 1000));
    progress("deals of today");
    const present = await presentDeals(market);
    const open = await rounds.open();
    const samples = await writeSamples(market, train, homes);
    await writeSite(site, {
      rpcUrl,
      chainId,
      escrow: { address: escrow, block: escrowBlock },
      rewards: { address: rewards, block: rewardsBlock },
      rounds: [open, finished],
      samples,
    });
    return {
      escrow,
      rewards,
      deals: { ...past, ...present },
      finishedRound: finished.roundId,
      openRound: open.roundId,
      samples: samples.map(({ name }) => name),
    };
  } finally {
    await connection.close();
    await endCurve();
  }
}

async function buyerOf(connection: Connection, homes: string, name: string, account: number): Promise<Buyer> {
  const journal = new Journal(join(homes, name));
  const keys = new X25519Keys(journal);
  const { path, publicKey } = await keys.create(name);
  return { connection, wallet: developmentAccount(connection, account), journal, publicKey, keyFile: path };
}

/** What a buyer asks for. */
interface Wish {
  readonly by: Buyer;
  readonly seed: number;
  readonly price: string;
  readonly rows?: number;
  readonly threshold?: number;
  readonly timeToRedeem?: number;
  /** Whether the order file stands beside the page, so that all may read its terms. */
  readonly isPublished?: boolean;
}

/** The buyer signs an order over rows of its own, and publishes it. */
async function placed(market: Market, wish: Wish) {
  const { by, seed, price, rows = ROWS, threshold = THRESHOLD, timeToRedeem = 3 * DAY, isPublished = true } = wish;
  const { connection, escrow, model, site } = market;
  const { encoding } = model;
  const drafted = draftOrder({
    ...{ chainId: connection.chainId, escrow, token: ETHER, price: parseEther(price), timeToRedeem, encoding },
    buyer: walletAddress(by.wallet),
    fundableUntil: (await chainTime(connection)) + 30 * DAY,
    testSet: flatTestSet(encoding, drawFlats(rows, seed)),
    goal: { predicate: "accuracy", threshold, sampledRows: 0 },
    buyerKey: by.publicKey,
  });
  await keepEncoding(by.journal, encoding);
  const signedOrder = await placeOrder(by, { ...drafted, keyFile: by.keyFile });
  const hash = orderHash(signedOrder.order);
  if (isPublished) {
    await write(join(site, `orders/${hash.slice(0, 18)}.json`), encodeOrderFile({ signedOrder, encoding }));
  }
  return { by, signedOrder, hash };
}

type Placed = Awaited<ReturnType<typeof placed>>;

async function offered(market: Market, wish: Wish): Promise<Placed & MarketDeal> {
  const { seller, model } = market;
  const order = await placed(market, wish);
  await keepSeenOrder(seller.journal, { signedOrder: order.signedOrder, encoding: model.encoding });
  await sealSale(seller.journal, {
    signedOrder: order.signedOrder,
    network: model.network,
    networkPath: "flats.json",
    proofSystem,
  });
  const { dealId } = await offerSale(seller, order.hash);
  return { ...order, orderHash: order.hash, dealId };
}

/** The buyer shows its rows to the seller, who proves; the buyer keeps the bundle. */
async function proven({ seller }: Market, { by, hash, dealId }: Placed & MarketDeal): Promise<string> {
  const { testSet, salt } = await revealTestSet(by, hash, dealId);
  await receiveTestSet(seller.journal, hash, testSet, salt);
  return encodeBundle(await proveSale(seller.journal, hash, async () => proofSystem));
}

/** The buyer checks all of a bundle, and pays. @returns unix seconds from which the price can be taken back */
async function paid({ connection }: Market, { by, hash }: Placed, text: string): Promise<number> {
  const checked = await checkBundle({
    journal: by.journal,
    text,
    material: async () => (await journalMaterial(by.journal, hash))!,
    connect: async () => connection,
    proofSystemFor: async () => proofSystem,
  });
  return (await fundPurchase(by, hash, checked)).refundableFrom;
}

function dealOf({ orderHash: hash, dealId }: MarketDeal): MarketDeal {
  return { orderHash: hash, dealId };
}

async function pastDeals(market: Market): Promise<Pick<FilledMarket["deals"], "redeemed" | "refunded" | "cancelled">> {
  const { seller, buyer, otherBuyer, advanceTo } = market;
  const redeemed = await offered(market, { by: buyer, seed: 11, price: "1.5", threshold: 184 });
  await paid(market, redeemed, await proven(market, redeemed));
  await redeemSale(seller, redeemed.hash);
  await awaitKey(buyer, redeemed.hash);

  const cancelled = await offered(market, { by: otherBuyer, seed: 12, price: "0.4", rows: 150, threshold: 120 });
  await cancelSale(seller, cancelled.hash);

  const refunded = await offered(market, { by: otherBuyer, seed: 13, price: "0.9", timeToRedeem: DAY });
  await advanceTo(await paid(market, refunded, await proven(market, refunded)));
  await refundPurchase(otherBuyer, refunded.hash);
  return { redeemed: dealOf(redeemed), cancelled: dealOf(cancelled), refunded: dealOf(refunded) };
}

async function presentDeals(
  market: Market,
): Promise<Pick<FilledMarket["deals"], "funded" | "provenOffer" | "freshOffer" | "unpublishedOffer">> {
  const { buyer, otherBuyer, site } = market;
  const unpublished = await offered(market, {
    by: otherBuyer,
    seed: 14,
    price: "0.75",
    rows: 100,
    threshold: 85,
    isPublished: false,
  });
  const funded = await offered(market, { by: buyer, seed: 15, price: "1.2", rows: 240, threshold: 216 });
  await paid(market, funded, await proven(market, funded));
  const ready = await offered(market, { by: buyer, seed: 16, price: "1.8" });
  await write(join(site, "samples/bundle.json"), await proven(market, ready));
  const fresh = await offered(market, { by: buyer, seed: 17, price: "2", rows: 160, threshold: 146 });
  return {
    ...{ unpublishedOffer: dealOf(unpublished), funded: dealOf(funded) },
    ...{ provenOffer: dealOf(ready), freshOffer: dealOf(fresh) },
  };
}

interface RoundTools {
  readonly rewards: Address;
  readonly trustStore: string;
  readonly zkeyPath: string;
  readonly homes: string;
}

/** The rounds of the seller, who trains on the rows of others. */
function roundsOf(market: Market, { rewards, trustStore, zkeyPath, homes }: RoundTools) {
  const { connection, seller: owner, advanceTo } = market;
  const validationTable = parseSampleTable(rentCsv(ROUND_SHAPE.validationRows, 21), { name: "the validation rows" });
  const encoding: SampleEncoding = fitSampleEncoding(validationTable, {
    dataBits: ROUND_SHAPE.dataBits,
    features: ["area_m2"],
    target: { kind: "regression", name: "rent" },
    ranges: { area_m2: [10, 130], rent: [0, 1_500] },
  });
  const samplesOf = (csv: string): Samples => encodeTable(encoding, parseSampleTable(csv, { name: "rows" })).samples;
  const providers = ACCOUNTS.providers.map((account, index): Party => {
    const journal = new Journal(join(homes, `provider-${index + 1}`));
    return { connection, wallet: developmentAccount(connection, account), journal };
  });

  const opened = async (label: string, times: { readonly registration: number; readonly submission: number }) => {
    const { round } = await openRound(
      owner,
      {
        ...{ rewards, shape: ROUND_SHAPE, encoding, validation: encodeTable(encoding, validationTable).samples },
        ...{ token: ETHER, ridgeBits: RIDGE_BITS, ...times, claims: 90 * DAY, label },
      },
      trustStore,
    );
    await fundRound(owner, round, { amount: parseEther("3"), name: "first" }, trustStore);
    return round;
  };
  const register = async (round: RoundFile, provider: Party, csv: string): Promise<void> => {
    const payee = walletAddress(provider.wallet);
    const contribution = commitContribution(connection, provider.journal, round, payee, samplesOf(csv), trustStore);
    const { message } = await acceptDisclosure(owner, (await contribution).disclosure);
    await registerContribution(provider, round, message, trustStore);
  };

  return {
    /** Good rows, few good rows and wrong rows; two of three have claimed. */
    finished: async (): Promise<RoundFile> => {
      const round = await opened("flats of spring", { registration: HOUR, submission: DAY });
      const [first, second, third] = providers as [Party, Party, Party];
      await register(round, first, rentCsv(8, 22));
      await register(round, second, rentCsv(3, 23));
      await register(round, third, rentCsv(4, 24, -1));
      await advanceTo(round.terms.registrationUntil + 1);
      const { roundProof } = await proveRound(connection, owner.journal, round.roundId, trustStore, { zkeyPath });
      await submitRound(owner, round, roundProof, trustStore);
      await claimReward(first, round, {}, trustStore);
      await claimReward(third, round, {}, trustStore);
      return round;
    },
    /** With room for two more. */
    open: async (): Promise<RoundFile> => {
      const round = await opened("flats of autumn", { registration: 14 * DAY, submission: 3 * DAY });
      await register(round, providers[0]!, rentCsv(6, 25));
      return round;
    },
  };
}

interface Sample {
  readonly name: string;
  readonly about: string;
}

/** Files to drop on the page, and the parties' journals, with which anybody goes on in the middle of a deal. */
async function writeSamples(market: Market, train: FlatTable, homes: string): Promise<Sample[]> {
  const { site, model, seller, buyer, otherBuyer } = market;
  const calibration = { rows: train.rows.slice(0, CALIBRATION_ROWS), labels: train.labels.slice(0, CALIBRATION_ROWS) };
  const samples: [name: string, about: string, text: string][] = [
    [
      "model.json",
      "Sell: a trained network that says whether a flat's rent is cheap, dear or fair (in floating point)",
      floatNetworkJson(model.float),
    ],
    [
      "calibration.csv",
      "Sell: rows like the buyer's, by which the network is turned into integers",
      flatsCsv(calibration),
    ],
    [
      "encoding.json",
      "Ask and sell: how a row of the tables becomes the integers that a network takes",
      `${JSON.stringify(encodingToJson(model.encoding), null, 1)}\n`,
    ],
    ["test-set.csv", "Ask: 200 rows that no seller has seen, to order a network for", flatsCsv(drawFlats(ROWS, 31))],
    [
      "test-set-encoded.json",
      "Ask: other 200 rows, in the integers that the encoding makes of them",
      `${JSON.stringify(testSetToJson(flatTestSet(model.encoding, drawFlats(ROWS, 32))))}\n`,
    ],
    ["round-rows.csv", "Rounds: rows of a data provider, to register in the open round", rentCsv(7, 33)],
    [
      "seller-journal.json",
      "Keys: the journal of the seller, who also owns the rounds (development account 0)",
      await exportJournal(seller.journal),
    ],
    [
      "buyer-key.json",
      "Keys: the X25519 key of the buyer of four deals, to be restored before its journal",
      await new X25519Keys(buyer.journal).backup("buyer"),
    ],
    [
      "buyer-journal.json",
      "Keys: the journal of the buyer of four deals (development account 1)",
      await exportJournal(buyer.journal),
    ],
    [
      "other-buyer-key.json",
      "Keys: the X25519 key of the other buyer, to be restored before its journal",
      await new X25519Keys(otherBuyer.journal).backup("other-buyer"),
    ],
    [
      "other-buyer-journal.json",
      "Keys: the journal of the other buyer (development account 2)",
      await exportJournal(otherBuyer.journal),
    ],
    [
      "provider-journal.json",
      "Keys: the journal of the provider whose reward is not claimed yet (development account 4)",
      await exportJournal(new Journal(join(homes, "provider-2"))),
    ],
  ];
  for (const [name, , text] of samples) await write(join(site, "samples", name), text);
  const bundle = {
    name: "bundle.json",
    about: "Deal: what the seller of the deal for 1.8 ether hands its buyer, to check and to pay for",
  };
  return [...samples.map(([name, about]) => ({ name, about })), bundle];
}

interface SiteContent {
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly escrow: { readonly address: Address; readonly block: number };
  readonly rewards: { readonly address: Address; readonly block: number };
  readonly rounds: readonly RoundFile[];
  readonly samples: readonly Sample[];
}

async function writeSite(site: string, { rpcUrl, chainId, escrow, rewards, rounds, samples }: SiteContent) {
  const roundPaths: string[] = [];
  for (const round of rounds) {
    const path = `rounds/${roundIdToHex(round.roundId)}.json`;
    await write(join(site, path), encodeRoundFile(round));
    roundPaths.push(path);
  }
  const orders = (await readdir(join(site, "orders"))).sort().map((name) => `orders/${name}`);
  const deployment = {
    name: "Market on this computer",
    ...{ chainId, rpcUrl },
    ...{ escrow: escrow.address, escrowBlock: escrow.block, rewards: [rewards] },
    ...{ orders, rounds: roundPaths, trustedKeys: "trusted-keys.json" },
    samples: samples.map(({ name, about }) => ({ path: `samples/${name}`, about })),
  };
  const file = { format: "zkcmp-deployments", version: 1, deployments: [deployment] };
  await write(join(site, "deployments.json"), `${JSON.stringify(file, null, 1)}\n`);
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
