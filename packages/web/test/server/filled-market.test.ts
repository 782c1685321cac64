import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EscrowContract } from "@zkcmp/chain/escrow-contract";
import { NodeProvider } from "@zkcmp/chain/json-rpc";
import { type LocalChain, startLocalChain } from "@zkcmp/chain/local-chain";
import { chainTime, type Connection } from "@zkcmp/chain/network-connection";
import { decodeRoundFile, type RoundFile } from "@zkcmp/chain/rounds/round-file";
import { roundStatus } from "@zkcmp/chain/rounds/round-status";
import { parseCsv } from "@zkcmp/network/csv";
import { encodingFromJson } from "@zkcmp/network/encoding";
import { decodeBundle } from "@zkcmp/sale/bundle";
import { orderHash } from "@zkcmp/sale/order";
import { decodeOrderFile } from "@zkcmp/sale/order-file";
import { parseSampleTable } from "@zkcmp/shapley/sample-table";
import { encodeTable } from "@zkcmp/shapley/sample-encoding";
import { expect } from "chai";
import { type FilledMarket, fillMarket, MARKET_AGE, type MarketDealName } from "../../server/filled-market.ts";
import { parseDeployments } from "../../src/worker/deployment.ts";

const CHAIN_ID = 31337;
const BASE = "http://127.0.0.1:8080/sub/deployments.json";

describe("fillMarket", function () {
  // The first run on a machine compiles a circuit and makes its key.
  this.timeout(600_000);
  let folder: string;
  let chain: LocalChain;
  let connection: Connection;
  let market: FilledMarket;
  const text = (path: string): Promise<string> => readFile(join(folder, "site", path), "utf8");

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "zkcmp-market-"));
    chain = await startLocalChain(CHAIN_ID, Math.floor(Date.now() / 1000) - MARKET_AGE);
    market = await fillMarket({
      transport: chain.transport,
      chainId: CHAIN_ID,
      rpcUrl: "http://127.0.0.1:8545",
      folder,
    });
    const provider = new NodeProvider(chain.transport, CHAIN_ID);
    connection = {
      provider,
      relay: provider,
      chainId: CHAIN_ID,
      pollInterval: 1,
      close: async () => provider.destroy(),
    };
  });
  after(async () => {
    await connection.close();
    await chain.close();
    await rm(folder, { recursive: true });
  });

  it("has a deal in every state on chain, and two that can be funded for days", async () => {
    const escrow = new EscrowContract(connection.provider, market.escrow);
    const states: Record<MarketDealName, string> = {
      redeemed: "redeemed",
      refunded: "refunded",
      cancelled: "cancelled",
      funded: "funded",
      provenOffer: "offered",
      freshOffer: "offered",
      unpublishedOffer: "offered",
    };
    const now = await chainTime(connection);
    for (const [name, state] of Object.entries(states) as [MarketDealName, string][]) {
      const deal = await escrow.deal(market.deals[name].dealId);
      expect(deal.state, name).to.equal(state);
      if (state === "offered") expect(deal.fundableUntil, name).to.be.greaterThan(now + 7 * 24 * 3600);
      if (state === "funded") expect(deal.refundableFrom, name).to.be.greaterThan(now + 24 * 3600);
    }
  });

  it("brings the chain's clock to the one on the wall", async () => {
    expect(Math.abs((await chainTime(connection)) - Date.now() / 1000)).to.be.lessThan(60);
  });

  it("has a round with values and a reward to claim, and one that providers can join", async () => {
    const rounds = await Promise.all(deployment(await text("deployments.json")).rounds.map(roundAt));
    expect(rounds.map(({ roundId }) => roundId)).to.have.members([market.finishedRound, market.openRound]);
    const finished = await roundStatus(
      connection,
      rounds.find(({ roundId }) => roundId === market.finishedRound)!,
    );
    expect(finished.providers).to.have.length(3);
    expect(finished.providers.filter(({ value }) => value !== null && value > 0n)).to.have.length(2);
    expect(finished.providers.filter(({ earned, paid }) => earned! > 0n && paid === 0n)).to.have.length(1);
    const open = rounds.find(({ roundId }) => roundId === market.openRound)!;
    expect((await roundStatus(connection, open)).providers).to.have.length(1);
    expect(open.terms.registrationUntil).to.be.greaterThan((await chainTime(connection)) + 24 * 3600);
    // The sample is good for the round that is open.
    const table = parseSampleTable(await text("samples/round-rows.csv"), { name: "rows" });
    expect(encodeTable(open.encoding, table).report.every(({ clipped }) => clipped === 0)).to.equal(true);
  });

  it("publishes the orders of all deals but one, each the buyer's and with its encoding", async () => {
    const { orders } = deployment(await text("deployments.json"));
    const hashes = await Promise.all(
      orders.map(async (path) => {
        const { signedOrder, encoding } = decodeOrderFile(await text(pathOf(path)), path);
        expect(encoding).not.to.equal(null);
        return orderHash(signedOrder.order);
      }),
    );
    const published = Object.entries(market.deals).filter(([name]) => name !== "unpublishedOffer");
    expect(hashes).to.have.members(published.map(([, deal]) => deal.orderHash));
  });

  it("has samples that are what they are called", async () => {
    const { samples, trustedKeys } = deployment(await text("deployments.json"));
    for (const { path } of samples) expect((await text(pathOf(path))).length, path).to.be.greaterThan(50);
    expect(samples.map(({ path }) => pathOf(path))).to.have.members(market.samples.map((name) => `samples/${name}`));
    expect(JSON.parse(await text(pathOf(trustedKeys!)))).to.have.property("format", "zkcmp-trusted-keys");
    expect(decodeBundle(await text("samples/bundle.json")).dealId).to.equal(market.deals.provenOffer.dealId);
    const encoding = encodingFromJson(JSON.parse(await text("samples/encoding.json")));
    for (const name of ["calibration.csv", "test-set.csv"]) {
      const { rows, classNames } = parseCsv(await text(`samples/${name}`), { name });
      expect(rows[0], name).to.have.length(encoding.features);
      expect(classNames, name).to.deep.equal(["cheap", "dear", "fair"]);
    }
  });

  async function roundAt(path: string): Promise<RoundFile> {
    return decodeRoundFile(await text(pathOf(path)), path);
  }
});

function deployment(file: string) {
  return parseDeployments(file, BASE)[0]!;
}

function pathOf(url: string): string {
  return url.slice("http://127.0.0.1:8080/sub/".length);
}
