import { expect } from "chai";
import { WalletError } from "@zkcmp/chain/account";
import type { Journal } from "@zkcmp/chain/journal";
import { NodeError } from "@zkcmp/chain/json-rpc";
import { WrongChainError } from "@zkcmp/chain/network-connection";
import { DeploymentError } from "../../src/worker/deployment.ts";
import { Session } from "../../src/worker/session.ts";
import { SessionDesk } from "../../src/worker/session-desk.ts";

const PAGE = "https://market.example/sub/index.html?chain=31337#/deal/0x12";
const NODE = "http://127.0.0.1:8545/";

const DEPLOYMENT = {
  ...{ name: "Test market", chainId: 31337, rpcUrl: NODE, escrow: `0x${"ab".repeat(20)}`, escrowBlock: 0 },
  ...{ rewards: [], orders: [], rounds: [], trustedKeys: null, samples: [] },
};

/** A web that has the deployments' file and a node. */
interface Web {
  file: { status: number; text: string } | null;
  /** null for a node that does not answer. */
  chainId: string | null;
  readonly asked: string[];
}

describe("session", () => {
  const fetchBefore = globalThis.fetch;
  let web: Web;
  let session: Session;

  beforeEach(() => {
    const text = JSON.stringify({ format: "zkcmp-deployments", version: 1, deployments: [DEPLOYMENT] });
    web = { file: { status: 200, text }, chainId: "0x7a69", asked: [] };
    globalThis.fetch = async (input) => {
      const url = String(input);
      web.asked.push(url);
      if (url === NODE) {
        if (web.chainId === null) throw new TypeError("fetch failed");
        return Response.json({ jsonrpc: "2.0", id: 1, result: web.chainId });
      }
      if (web.file === null) throw new TypeError("fetch failed");
      return new Response(web.file.text, { status: web.file.status });
    };
    session = new Session(PAGE, {} as Journal);
  });

  afterEach(() => {
    globalThis.fetch = fetchBefore;
  });

  it("reads the file beside the page, whatever parameters and route the page has", async () => {
    expect((await session.deployment()).name).to.equal("Test market");
    await session.deployment();
    expect(web.asked).to.deep.equal(["https://market.example/sub/deployments.json"]);
  });

  it("works without a file, and says when it cannot be had", async () => {
    web.file = { status: 404, text: "" };
    expect(await session.deployments()).to.deep.equal([]);
    for (const file of [null, { status: 500, text: "" }]) {
      web.file = file;
      await expectError(new Session(PAGE, {} as Journal).deployment(), DeploymentError, /cannot be loaded/);
    }
  });

  it("asks again for the file after a failure", async () => {
    const { file } = web;
    web.file = null;
    await expectError(session.deployment(), DeploymentError, /cannot be loaded/);
    web.file = file;
    expect((await session.deployment()).chainId).to.equal(31337);
  });

  it("gives everybody one connection, and tries anew after a node that was not there", async () => {
    web.chainId = null;
    await expectError(session.connection(), NodeError, /cannot be reached/);
    web.chainId = "0x7a69";
    const [one, two] = await Promise.all([session.connection(), session.connection({ chainId: 31337 })]);
    expect(one).to.equal(two);
    expect(web.asked.filter((url) => url === NODE)).to.have.length(2);
    await one.close();
  });

  it("refuses a node of another chain than the deployment names, and a chain that is not the market's", async () => {
    web.chainId = "0x1";
    await expectError(session.connection(), DeploymentError, /is on chain 1, not on chain 31337/);
    await expectError(session.connection({ chainId: 5 }), WrongChainError, /chain 5/);
  });

  it("has no party before an account is connected, and none after it is disconnected", async () => {
    const desk = new SessionDesk(session);
    await expectError(session.party(), WalletError, /no account is connected/);
    const address = await desk.useDevelopmentAccount(1);
    expect(address).to.equal("0x70997970c51812dc3a010c7d01b50e0d17dc79c8");
    const { wallet, journal, connection } = await session.party();
    expect(wallet.address.toLowerCase()).to.equal(address);
    expect(journal).to.equal(session.journal);
    expect((await desk.view()).account).to.equal(address);
    desk.disconnect();
    await expectError(session.party(), WalletError, /no account is connected/);
    expect(session.account()).to.equal(null);
    await connection.close();
  });

  it("gives no published account on another chain", async () => {
    web.file!.text = web.file!.text.replace("31337", "1");
    const desk = new SessionDesk(new Session("https://market.example/sub/", {} as Journal));
    await expectError(desk.useDevelopmentAccount(0), WalletError, /no development chain/);
    expect((await desk.view()).isDevelopment).to.equal(false);
  });
});

async function expectError(
  work: Promise<unknown>,
  kind: new (...parameters: never[]) => Error,
  words: RegExp,
): Promise<void> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).to.be.instanceOf(kind);
  expect((error as Error).message).to.match(words);
}
