import type { Address } from "@zkcmp/sale/order";
import { ETHER } from "@zkcmp/sale/ether";
import { PriceError } from "@zkcmp/sale/price";
import { expect } from "chai";
import { METHOD_NOT_FOUND, NodeProvider, RpcError } from "../src/json-rpc.ts";
import type { Connection } from "../src/network-connection.ts";
import { TokenError } from "../src/token.ts";
import { parsePrice } from "../src/token-price.ts";
import { expectRefusal } from "./fixture.ts";

const token: Address = `0x${"ab".repeat(20)}`;

/** A node that knows one token, and nothing else. */
function nodeWith(answer: string | null): Connection {
  const provider = new NodeProvider(async (method, params) => {
    const [call] = params as [{ to: string; data: string }];
    // decimals()
    if (answer !== null && call.to === token && call.data === "0x313ce567") return answer;
    throw new RpcError(method, { code: METHOD_NOT_FOUND, message: "execution reverted" });
  }, 31337);
  return { provider, relay: provider, chainId: 31337, pollInterval: 1, close: async () => provider.destroy() };
}

describe("prices in tokens", () => {
  const six = nodeWith(`0x${"6".padStart(64, "0")}`);

  it("are in the token's own units, and ether's are known without asking", async () => {
    expect(await parsePrice(six, "1.5", token)).to.equal(1_500_000n);
    expect(await parsePrice(nodeWith(null), "1.5", ETHER)).to.equal(15n * 10n ** 17n);
  });

  it("have no more decimals than the token", async () => {
    await expectRefusal(parsePrice(six, "0.0000001", token), PriceError, /more than 6 decimals/);
  });

  it("can be given in smallest units where the token tells nothing", async () => {
    for (const node of [nodeWith(null), nodeWith("0x")]) {
      await expectRefusal(parsePrice(node, "1.5", token), TokenError, /does not tell its decimals/);
      expect(await parsePrice(node, "1500wei", token)).to.equal(1500n);
    }
  });
});
