import { request as httpRequest } from "node:http";
import { RpcError, type Transport } from "@zkcmp/chain/json-rpc";
import { expect } from "chai";
import { LocalServerError, type LocalServer } from "../../server/local-server.ts";
import { serveNode } from "../../server/node-server.ts";

const PAGE = "http://127.0.0.1:5173";

describe("serveNode", () => {
  let node: LocalServer;
  let asked: [string, unknown[]][];
  const transport: Transport = async (method, params) => {
    asked.push([method, params]);
    if (method === "eth_call") throw new RpcError(method, { code: 3, message: "execution reverted", data: "0x1234" });
    if (method === "eth_gasPrice") throw new TypeError("a defect with a secret in it");
    return method === "eth_getTransactionReceipt" ? undefined : `answer to ${method}`;
  };
  before(async () => void (node = await serveNode(transport, { port: 0, pageOrigins: [PAGE] })));
  after(() => node.close());
  beforeEach(() => void (asked = []));

  const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(node.url, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });
  const ask = async (body: unknown, headers?: Record<string, string>): Promise<unknown> =>
    (await post(JSON.stringify(body), headers)).json();

  /** fetch does not let a program choose the host that it names. */
  const statusFor = (headers: Record<string, string>, method = "POST"): Promise<number> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(node.url);
      const request = httpRequest({ hostname, port, method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      request.on("error", reject);
      request.end('{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}');
    });

  it("answers a request, and says null where there is nothing", async () => {
    const answer = await ask({ jsonrpc: "2.0", id: 7, method: "eth_chainId", params: [] });
    expect(answer).to.deep.equal({ jsonrpc: "2.0", id: 7, result: "answer to eth_chainId" });
    const none = await ask({ jsonrpc: "2.0", id: "a", method: "eth_getTransactionReceipt", params: ["0x1"] });
    expect(none).to.deep.equal({ jsonrpc: "2.0", id: "a", result: null });
    expect(asked).to.deep.equal([
      ["eth_chainId", []],
      ["eth_getTransactionReceipt", ["0x1"]],
    ]);
  });

  it("answers a batch in its order and leaves notifications without an answer", async () => {
    const answers = await ask([
      { jsonrpc: "2.0", id: 1, method: "eth_blockNumber" },
      { jsonrpc: "2.0", method: "evm_mine" },
      { jsonrpc: "1.0", id: 2, method: "eth_blockNumber" },
    ]);
    expect(answers).to.have.length(2);
    expect((answers as { id: number }[]).map(({ id }) => id)).to.deep.equal([1, 2]);
    expect((answers as unknown[])[1]).to.have.nested.property("error.code", -32600);
    expect(asked.map(([method]) => method)).to.deep.equal(["eth_blockNumber", "evm_mine"]);
    expect((await post('[{"jsonrpc":"2.0","method":"evm_mine"}]')).status).to.equal(204);
  });

  it("passes a revert's data on, and nothing of a defect", async () => {
    const reverted = await ask({ jsonrpc: "2.0", id: 1, method: "eth_call", params: [{}] });
    expect(reverted).to.deep.include({ error: { code: 3, message: "execution reverted", data: "0x1234" } });
    const failed = await ask({ jsonrpc: "2.0", id: 1, method: "eth_gasPrice" });
    expect(JSON.stringify(failed)).not.to.contain("secret");
    expect(failed).to.have.nested.property("error.code", -32603);
  });

  it("has no method that signs with the node's accounts, rewrites the chain or reads its keys", async () => {
    for (const method of [
      "eth_sendTransaction",
      "eth_sign",
      "eth_signTypedData_v4",
      "hardhat_impersonateAccount",
      "hardhat_setBalance",
      "evm_revert",
      "debug_traceCall",
      "constructor",
    ]) {
      expect(await ask({ jsonrpc: "2.0", id: 1, method }), method).to.have.nested.property("error.code", -32601);
    }
    expect(await ask({ jsonrpc: "2.0", id: 1, method: "eth_accounts" })).to.deep.include({ result: [] });
    expect(asked).to.deep.equal([]);
  });

  it("moves the clock by what a chain can follow: more ends its process", async () => {
    const move = (method: string, params: unknown[]): Promise<unknown> =>
      ask({ jsonrpc: "2.0", id: 1, method, params });
    for (const seconds of [0, -1, 1.5, 315_360_001, 2 ** 53, "0xffffffffffffffff", "60", null]) {
      expect(await move("evm_increaseTime", [seconds]), String(seconds)).to.have.nested.property("error.code", -32602);
    }
    expect(await move("evm_increaseTime", [])).to.have.nested.property("error.code", -32602);
    expect(await move("evm_mine", ["0xffffffffffffffff"])).to.have.nested.property("error.code", -32602);
    expect(asked).to.deep.equal([]);
    await move("evm_increaseTime", [315_360_000]);
    await move("evm_mine", []);
    expect(asked.map(([method]) => method)).to.deep.equal(["evm_increaseTime", "evm_mine"]);
  });

  it("answers wallets, which are extensions of the browser", async () => {
    const id = "nkbihfbeogaeaoehlefnkodbefgpgknn";
    const body = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}';
    for (const origin of [`chrome-extension://${id}`, "moz-extension://4e3a52b2-8a0e-4bb0-9d53-2f8b1f8a3c11"]) {
      expect((await post(body, { origin })).status, origin).to.equal(200);
    }
    for (const origin of ["https://chrome-extension.example", "chrome-extension://", "x-chrome-extension://a"]) {
      expect((await post(body, { origin })).status, origin).to.equal(403);
    }
  });

  it("refuses what is no request", async () => {
    expect(await (await post("{")).json()).to.have.nested.property("error.code", -32700);
    for (const body of ["1", "null", "[]", '"eth_chainId"', '{"jsonrpc":"2.0","id":1}', '{"jsonrpc":"2.0","id":{}}']) {
      expect(await (await post(body)).json(), body).to.have.nested.property("error.code", -32600);
    }
    const batch = Array.from({ length: 201 }, (_, id) => ({ jsonrpc: "2.0", id, method: "eth_chainId" }));
    expect(await ask(batch)).to.have.nested.property("error.code", -32600);
    expect(asked).to.deep.equal([]);
  });

  it("refuses long requests", async () => {
    const status = await post(`"${"a".repeat(1_000_000)}"`).then(
      (response) => response.status,
      // The connection ends while the client still writes.
      () => 413,
    );
    expect(status).to.equal(413);
    expect(await (await post(JSON.stringify("a".repeat(999_998)))).json()).to.have.nested.property(
      "error.code",
      -32600,
    );
  });

  it("answers its own page, and tells browsers so; no other page", async () => {
    const own = await post('{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}', { origin: PAGE });
    expect(own.headers.get("access-control-allow-origin")).to.equal(PAGE);
    const preflight = await fetch(node.url, { method: "OPTIONS", headers: { origin: PAGE } });
    expect(preflight.status).to.equal(204);
    expect(preflight.headers.get("access-control-allow-headers")).to.equal("content-type");
    for (const origin of ["https://evil.example", "http://127.0.0.1:5174", "null"]) {
      const other = await post('{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}', { origin });
      expect(other.status, origin).to.equal(403);
      expect(other.headers.get("access-control-allow-origin"), origin).to.equal(null);
    }
    expect(asked).to.have.length(1);
  });

  it("refuses names that were made to point here, forms, and anything but POST", async () => {
    const json = { "content-type": "application/json" };
    expect(await statusFor({ ...json, host: `evil.example:${node.port}` })).to.equal(403);
    expect(await statusFor({ ...json, host: "127.0.0.1:1" })).to.equal(403);
    expect(await statusFor({ ...json, host: `localhost:${node.port}` })).to.equal(200);
    expect(await statusFor({ "content-type": "text/plain", host: `127.0.0.1:${node.port}` })).to.equal(415);
    expect(await statusFor({ host: `127.0.0.1:${node.port}` })).to.equal(415);
    expect(await statusFor({ ...json, host: `127.0.0.1:${node.port}` }, "PUT")).to.equal(405);
    expect(asked).to.have.length(1);
  });

  it("says in words that a port is taken", async () => {
    const second = serveNode(transport, { port: node.port, pageOrigins: [] });
    const error = await second.catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(LocalServerError);
    expect((error as Error).message).to.match(/port \d+ for the node is taken\. End the program .* --node-port/);
  });
});
