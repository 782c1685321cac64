import { toFieldElement } from "@zkcmp/field/element";
import { expect } from "chai";
import { AbiCoder } from "ethers";
import { refundPurchase } from "../src/buyer/settle.ts";
import { NodeProvider, RpcError, type Transport } from "../src/json-rpc.ts";
import type { Connection } from "../src/network-connection.ts";
import { listOffers } from "../src/offers.ts";
import { cancelSale, offerSale } from "../src/seller/offer.ts";
import { redeemSale } from "../src/seller/redeem.ts";
import { DAY, fund, newHomes, offer, openWorld, order, type World } from "./fixture.ts";

interface Log {
  address: string;
  topics: string[];
  data: string;
  blockNumber: string;
  blockHash: string;
  transactionHash: string;
  logIndex: string;
  removed?: boolean;
}

describe("listOffers", function () {
  this.timeout(60_000);
  let world: World;
  let deals: [state: string, dealId: bigint][];
  before(async () => {
    world = await openWorld();
    deals = [];
    const refunded = await fund(await newHomes(world));
    const refunder = await newHomes(world);
    const redeemed = await (async () => {
      const here = await newHomes(world);
      const { placed, dealId } = await fund(here);
      await redeemSale(here.seller, placed.hash);
      return dealId;
    })();
    const later = await fund(refunder);
    await world.node.advanceTime(DAY);
    await refundPurchase(refunder.buyer, later.placed.hash);
    const funded = await fund(await newHomes(world));
    const here = await newHomes(world);
    const placed = await order(here);
    const cancelled = await offer(here, placed);
    await cancelSale(here.seller, placed.hash);
    const last = await newHomes(world);
    const offered = await offer(last, await order(last));
    deals.push(["offered", offered], ["cancelled", cancelled], ["funded", funded.dealId]);
    deals.push(["refunded", later.dealId], ["redeemed", redeemed], ["funded", refunded.dealId]);
  });
  const opened: NodeProvider[] = [];
  after(async () => {
    for (const provider of opened) provider.destroy();
    await world.close();
  });

  const states = (list: Awaited<ReturnType<typeof listOffers>>) =>
    list.map(({ deal, offered }) => [deal.state, offered.dealId]);

  /** The world's node with some answers changed. */
  function through(
    change: (method: string, params: unknown[], answer: () => Promise<unknown>) => Promise<unknown>,
  ): Connection {
    const transport: Transport = (method, params) => change(method, params, () => world.node.transport(method, params));
    const provider = new NodeProvider(transport, world.connection.chainId);
    opened.push(provider);
    return { ...world.connection, provider, relay: provider };
  }

  /** The world's node, whose logs a stranger has had in hand. */
  const withLogs = (change: (logs: Log[]) => Log[]): Connection =>
    through(async (method, _, answer) => (method === "eth_getLogs" ? change((await answer()) as Log[]) : answer()));

  it("gives every offer with its state, the newest first, with the time of its block", async () => {
    const list = await listOffers(world.connection, world.escrow, { fromBlock: 0 });
    expect(states(list)).to.deep.equal(deals);
    for (const { offered, offeredAt, contradiction } of list) {
      const block = await world.connection.provider.getBlock(offered.blockNumber);
      expect([offeredAt, contradiction]).to.deep.equal([block!.timestamp, null]);
    }
    const [newest] = list;
    const after = await listOffers(world.connection, world.escrow, { fromBlock: newest!.offered.blockNumber });
    expect(after).to.deep.equal([newest]);
  });

  it("is complete where the node answers for few blocks only, and looks no further back than it is told", async () => {
    const asked: number[] = [];
    const connection = through(async (method, params, answer) => {
      if (method !== "eth_getLogs") return answer();
      const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
      const last = toBlock === "latest" ? await world.node.blockNumber() : Number(toBlock);
      if (toBlock === "latest" || last - Number(fromBlock) >= 200) {
        throw new RpcError(method, { code: -32005, message: "block range is too large" });
      }
      asked.push(Number(fromBlock));
      return answer();
    });
    const [first] = (await listOffers(world.connection, world.escrow, { fromBlock: 0 })).slice(-1);
    await world.node.local.transport("hardhat_mine", ["0x3e8"]);
    const { blockNumber } = first!.offered;
    expect(states(await listOffers(connection, world.escrow, { fromBlock: blockNumber }))).to.deep.equal(deals);
    expect(asked.length).to.be.greaterThan(4);
    expect(Math.min(...asked)).to.equal(blockNumber);
  });

  it("asks the node a few things at a time", async () => {
    let now = 0;
    let most = 0;
    const connection = through(async (_, __, answer) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 1));
      return answer().finally(() => (now -= 1));
    });
    await listOffers(connection, world.escrow, { fromBlock: 0 });
    expect(most).to.be.within(2, 8);
  });

  it("is broken by no log: of others, unreadable, doubled, taken back", async () => {
    const other = `0x${"99".repeat(20)}`;
    const hostile = (logs: Log[]): Log[] => {
      const [log] = logs;
      return [
        { ...log!, address: other },
        { ...log!, topics: [`0x${"01".repeat(32)}`, ...log!.topics.slice(1)] },
        { ...log!, logIndex: "0x70", data: log!.data.slice(0, 200) },
        { ...log!, logIndex: "0x71", data: "0x" },
        { ...log!, logIndex: "0x72", topics: log!.topics.slice(0, 1) },
        { ...log!, logIndex: "0x73", removed: true },
        { ...log!, logIndex: "0x74", blockHash: `0x${"02".repeat(32)}` },
        { ...log!, logIndex: "0x75", blockNumber: "0xffffff" },
        {} as Log,
        { ...log!, logIndex: "0x76", blockNumber: "soon" },
        ...logs,
        ...logs,
      ];
    };
    const list = await listOffers(withLogs(hostile), world.escrow, { fromBlock: 0 });
    expect(states(list)).to.deep.equal(deals);
  });

  it("says where an event is not what the contract stores, or not what its id hashes", async () => {
    const word = (n: bigint): string => n.toString(16).padStart(64, "0");
    const changed = (change: (log: Log) => Log) => withLogs(([log, ...rest]) => [change(log!), ...rest]);
    const lastOf = async (connection: Connection) =>
      (await listOffers(connection, world.escrow, { fromBlock: 0 })).at(-1)!;
    const price = await lastOf(
      changed((log) => ({ ...log, data: `${log.data.slice(0, 66)}${word(1n)}${log.data.slice(130)}` })),
    );
    expect([price.offered.price, price.contradiction]).to.deep.equal([1n, "the id is not that of the offer's terms"]);
    const id = await lastOf(
      changed((log) => ({ ...log, topics: [log.topics[0]!, `0x${word(5n)}`, ...log.topics.slice(2)] })),
    );
    expect([id.offered.dealId, id.deal.state]).to.deep.equal([toFieldElement(5n), "none"]);
    expect(id.contradiction).to.match(/id is not/);

    const lying = through(async (method, params, answer) => {
      const real = (await answer()) as string;
      const { data } = (params[0] ?? {}) as { data?: string };
      const [[, newest]] = deals as [[string, bigint]];
      if (method !== "eth_call" || !data?.includes(word(newest))) return real;
      const fields = AbiCoder.defaultAbiCoder().decode(Array(10).fill("uint256"), real).map(BigInt);
      fields[8] = 7n;
      return AbiCoder.defaultAbiCoder().encode(Array(10).fill("uint256"), fields);
    });
    const [newest] = await listOffers(lying, world.escrow, { fromBlock: 0 });
    expect(newest!.contradiction).to.equal("the contract stores another price");
  });

  it("shows an offer that is made while the list is open when it is read again", async () => {
    const here = await newHomes(world);
    const placed = await order(here);
    const before = await listOffers(world.connection, world.escrow, { fromBlock: 0 });
    await offer(here, placed);
    const { dealId } = await offerSale(here.seller, placed.hash);
    const [newest, ...rest] = await listOffers(world.connection, world.escrow, { fromBlock: 0 });
    expect(newest!.offered.dealId).to.equal(dealId);
    expect(rest).to.deep.equal(before);
  });
});
