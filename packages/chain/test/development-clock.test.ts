import { expect } from "chai";
import { ClockError, moveClock } from "../src/development-clock.ts";
import { METHOD_NOT_FOUND, NodeProvider, RpcError } from "../src/json-rpc.ts";
import { startLocalChain } from "../src/local-chain.ts";
import { chainTime } from "../src/network-connection.ts";
import { connectionTo, DAY, expectRefusal, LIVE_CHAIN, TestNode } from "./fixture.ts";

describe("the clock of a development chain", function () {
  this.timeout(60_000);
  const start = Math.floor(Date.now() / 1000);
  let node: TestNode;
  before(async () => {
    node = new TestNode(await startLocalChain(31337, start));
  });
  after(() => node.local.close());

  it("is moved to a time, never back", async () => {
    const connection = connectionTo(node, 31337);
    const target = (await chainTime(connection)) + DAY;
    expect(await moveClock(connection, target)).to.be.at.least(target);
    expect(await chainTime(connection)).to.be.at.least(target);
    const block = await node.blockNumber();
    await moveClock(connection, target - DAY);
    expect(await node.blockNumber(), "nothing was mined").to.equal(block);
    expect(await chainTime(connection)).to.be.at.least(target);
  });

  it("is nobody's to move on a live chain, whatever the node would do", async () => {
    const connection = connectionTo(node, LIVE_CHAIN);
    const target = (await chainTime(connection)) + DAY;
    await expectRefusal(moveClock(connection, target), ClockError, /clock of chain 11155111 cannot be moved/);
    expect(await chainTime(connection)).to.be.below(target);
  });

  it("says so where the node has no such request", async () => {
    const refusing = connectionTo(node, 31337);
    const provider = new NodeProvider((method, params) => {
      if (method.startsWith("evm_")) throw new RpcError(method, { code: METHOD_NOT_FOUND, message: "no such method" });
      return node.transport(method, params);
    }, 31337);
    const target = (await chainTime(refusing)) + DAY;
    await expectRefusal(moveClock({ ...refusing, provider }, target), ClockError, /does not let its clock be moved/);
  });
});
