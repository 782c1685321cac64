import { expect } from "chai";
import { NodeProvider, type Transport } from "../../packages/chain/src/json-rpc.ts";
import { OtherCodeError, sendTransaction } from "../../packages/chain/src/transaction.ts";
import { expectRefusal, openWorld, type World } from "../../packages/chain/test/fixture.ts";
import { ScriptedWallet } from "../../packages/chain/test/scripted-wallet.ts";

/**
 * The attack: a link to the honest page names a node and an escrow of the attacker. The node says that the escrow's code is
 * ModelEscrow's and shows a good offer there, so every check that the page makes passes; the wallet, which has a node of its own, pays
 * the price into the attacker's contract.
 * Refused because the wallet's own node is asked for the code of whatever is called, before anything is signed.
 */
describe("finding: a link that brings a lying node", function () {
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  const THEFT = `0x${"e1".repeat(20)}` as const;

  /** What the attacker's node makes of the true chain. */
  function lying(): NodeProvider {
    const truth = world.node.local.transport;
    const transport: Transport = async (method, params) =>
      method === "eth_getCode" && params[0] === THEFT ? truth(method, [world.escrow, "latest"]) : truth(method, params);
    return new NodeProvider(transport, world.connection.chainId);
  }

  it("is found before the wallet is asked", async () => {
    const { local } = world.node;
    const wallet = new ScriptedWallet(local.transport, world.connection.chainId, [world.buyer.wallet]);
    const connection = { ...world.connection, provider: lying(), relay: lying() };
    const written: unknown[] = [];
    const pay = sendTransaction(
      connection,
      wallet.account(),
      { to: THEFT, data: "0x12345678", value: 10n ** 18n, gasLimit: 100_000n },
      { what: "the payment", write: async (record) => void written.push(record) },
    );
    await expectRefusal(pay, OtherCodeError, /the wallet sees another contract.*one of the two is wrong/);
    expect(wallet.asked).to.deep.equal([]);
    expect(written).to.deep.equal([]);
  });

  it("keeps nobody from paying whose wallet sees the same, or reads nothing for pages", async () => {
    const { local } = world.node;
    const call = { to: THEFT, data: "0x", value: 1n, gasLimit: 100_000n } as const;
    const wallet = new ScriptedWallet(local.transport, world.connection.chainId, [world.buyer.wallet]);
    await sendTransaction(world.connection, wallet.account(), call);
    wallet.before = (method) => {
      if (method === "eth_getCode") throw Object.assign(new Error("not supported"), { code: 4200 });
    };
    await sendTransaction(world.connection, wallet.account(), call);
    expect(wallet.asked).to.have.length(2);
  });
});
