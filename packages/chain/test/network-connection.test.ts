import { expect } from "chai";
import { NodeError, NodeProvider, RpcError } from "../src/json-rpc.ts";
import {
  chainTime,
  connect,
  type Connection,
  FinalityError,
  isDevelopmentChain,
  isFinal,
  waitFor,
  WaitingError,
  waitUntilFinal,
  WrongChainError,
} from "../src/network-connection.ts";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expectRefusal } from "./fixture.ts";

/** A node that answers from a table. */
function nodeThat(chainId: number, answers: Record<string, (params: unknown[]) => unknown>): Connection {
  const provider = new NodeProvider(async (method, params) => answers[method]?.(params) ?? null, chainId);
  return { provider, relay: provider, chainId, pollInterval: 1, close: async () => provider.destroy() };
}

const blocks = (final: number | null) => ({
  eth_getBlockByNumber: ([tag]: unknown[]) => {
    if (tag === "finalized") return final === null ? null : { number: `0x${final.toString(16)}` };
    return { number: "0x9", timestamp: tag === "pending" ? "0x20" : "0x10" };
  },
});

describe("connect", () => {
  let server: Server;
  let url: string;
  let chain = "0xaa36a7";
  before(async () => {
    server = createServer((request, response) => {
      request.resume();
      response.end(JSON.stringify({ result: chain }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => new Promise((resolve) => server.close(resolve)));

  it("learns the chain from the node", async () => {
    const connection = await connect(url);
    expect(connection.chainId).to.equal(11155111);
    expect(connection.relay).to.equal(connection.provider);
    await connection.close();
  });

  it("refuses a node of another chain", async () => {
    await expectRefusal(connect(url, { chainId: 1 }), WrongChainError, /on chain 11155111, .* on chain 1\. .*chain 1/);
  });

  it("keeps a relay apart from the node", async () => {
    const connection = await connect(url, { relayUrl: `${url}/relay` });
    expect(connection.relay).to.not.equal(connection.provider);
    await connection.close();
  });

  it("refuses a node that names no chain", async () => {
    chain = "sepolia";
    await expectRefusal(connect(url), NodeError, /which chain/);
  });

  it("says that the node is down", async () => {
    await expectRefusal(connect("http://127.0.0.1:9"), NodeError, /cannot be reached.*Start it/);
  });
});

describe("isDevelopmentChain", () => {
  it("is 31337 and 1337 and no other", () => {
    expect([31337, 1337, 1, 11155111, 0, 5777, 31338].map(isDevelopmentChain)).to.deep.equal([
      ...[true, true],
      ...[false, false, false, false, false],
    ]);
  });
});

describe("chainTime", () => {
  it("is the pending block's time on a development chain, whatever the wall clock says", async () => {
    expect(await chainTime(nodeThat(31337, blocks(1)))).to.equal(0x20);
  });

  it("is at least the wall clock elsewhere", async () => {
    expect(await chainTime(nodeThat(1, blocks(1)))).to.be.at.least(Math.floor(Date.now() / 1000) - 1);
  });
});

describe("isFinal", () => {
  it("compares with the finalized block, itself included", async () => {
    const connection = nodeThat(1, blocks(5));
    expect(await isFinal(connection, { blockNumber: 5 })).to.equal(true);
    expect(await isFinal(connection, { blockNumber: 6 })).to.equal(false);
  });

  it("is true on development chains as soon as it is mined", async () => {
    const connection = nodeThat(31337, blocks(null));
    expect(await isFinal(connection, { blockNumber: 9 })).to.equal(true);
  });

  it("refuses a node without finality", async () => {
    await expectRefusal(isFinal(nodeThat(1, blocks(null)), { blockNumber: 5 }), FinalityError, /"finalized"/);
    const refusing = nodeThat(1, {
      eth_getBlockByNumber: () => {
        throw new RpcError("eth_getBlockByNumber", { code: -32602, message: "what" });
      },
    });
    await expectRefusal(isFinal(refusing, { blockNumber: 5 }), FinalityError, /"finalized"/);
  });
});

describe("waiting", () => {
  it("ends when the block is final, and says what it waits for", async () => {
    let final = 3;
    const connection = nodeThat(1, { eth_getBlockByNumber: () => ({ number: `0x${(final++).toString(16)}` }) });
    const said: string[] = [];
    await waitUntilFinal(connection, { blockNumber: 5 }, { onWait: (what) => said.push(what) });
    expect(said).to.deep.equal(["block 5 to become final", "block 5 to become final"]);
  });

  it("looks once and gives up with a timeout of 0", async () => {
    let looks = 0;
    const work = waitFor(nodeThat(1, {}), { timeout: 0 }, "a wonder", async () => {
      looks += 1;
      return null;
    });
    await expectRefusal(work, WaitingError, /0 seconds for a wonder.*run the same command again/i);
    expect(looks).to.equal(1);
  });

  it("ends when it is interrupted", async () => {
    const controller = new AbortController();
    const connection = { ...nodeThat(1, {}), pollInterval: 60_000 };
    const work = waitFor(connection, { signal: controller.signal }, "a wonder", async () => null);
    setTimeout(() => controller.abort(), 5);
    await expectRefusal(work, WaitingError, /interrupted/);
  });
});
