import { expect } from "chai";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { httpTransport, NodeError, NodeProvider, RpcError } from "../src/json-rpc.ts";
import { expectRefusal } from "./fixture.ts";

describe("httpTransport", () => {
  let server: Server;
  let host: string;
  let answer: (body: string, request: IncomingMessage) => { status?: number; text: string };
  const json = (value: object): { text: string } => ({ text: JSON.stringify(value) });

  before(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        const { status = 200, text } = answer(body, request);
        response.writeHead(status).end(text);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => new Promise((resolve) => server.close(resolve)));

  it("gives the result, also null", async () => {
    answer = (body) => json({ result: JSON.parse(body).method });
    expect(await httpTransport(`http://${host}`)("eth_test", [])).to.equal("eth_test");
    answer = () => json({ result: null });
    expect(await httpTransport(`http://${host}`)("eth_test", [])).to.equal(null);
  });

  it("says that the node is down, and names the host but not the key in the URL", async () => {
    const down = httpTransport("http://127.0.0.1:9/v3/0123456789abcdef");
    const error = await expectRefusal(down("eth_test", []), NodeError, /127\.0\.0\.1:9 cannot be reached/);
    expect(error.message).to.not.include("0123456789abcdef");
  });

  it("says that something else answers", async () => {
    answer = () => ({ status: 502, text: "<html>" });
    await expectRefusal(httpTransport(`http://${host}/key`)("eth_test", []), NodeError, /status 502 and no JSON/);
    answer = () => json({ hello: 1 });
    await expectRefusal(httpTransport(`http://${host}/key`)("eth_test", []), NodeError, /not JSON-RPC/);
  });

  it("refuses what is no URL before anything is sent", () => {
    expect(() => httpTransport("localhost:8545")).to.throw(NodeError, /not an http or https URL/);
  });

  it("sends the user name and password of the URL as a header", async () => {
    answer = (_, request) => json({ result: request.headers.authorization ?? "" });
    const basic = `Basic ${Buffer.from("me:a b").toString("base64")}`;
    expect(await httpTransport(`http://me:a%20b@${host}`)("eth_test", [])).to.equal(basic);
  });

  it("tries again where it was too fast for the node", async () => {
    let asked = 0;
    answer = () => (++asked < 2 ? { status: 429, text: "slow down" } : json({ result: 5 }));
    expect(await httpTransport(`http://${host}`)("eth_test", [])).to.equal(5);
  });

  it("carries the node's error with its code and revert data", async () => {
    answer = () => json({ error: { code: 3, message: "reverted", data: "0xDD71c195" } });
    const error = await expectRefusal(httpTransport(`http://${host}`)("eth_call", []), RpcError, /eth_call: reverted/);
    expect([error.code, error.data]).to.deep.equal([3, "0xdd71c195"]);
    answer = () => json({ error: { code: 3, message: "reverted", data: { data: "0x01", hash: "0x02" } } });
    const nested = await expectRefusal(httpTransport(`http://${host}`)("eth_call", []), RpcError, /reverted/);
    expect(nested.data).to.equal("0x01");
  });

  it("passes an ethers provider's calls on, and its errors are ours", async () => {
    answer = (body) =>
      json(body.includes("eth_getBalance") ? { result: "0x5" } : { error: { code: 1, message: "no" } });
    const provider = new NodeProvider(httpTransport(`http://${host}`), 5);
    expect(await provider.getBalance(`0x${"11".repeat(20)}`)).to.equal(5n);
    await expectRefusal(provider.getCode(`0x${"11".repeat(20)}`), RpcError, /eth_getCode: no/);
    provider.destroy();
  });
});
