import { eip1193Account } from "@zkcmp/chain/eip1193";
import { UnansweredError } from "@zkcmp/chain/transaction";
import { expect } from "chai";
import { fund, openWorld } from "../../../chain/test/fixture.ts";
import { ScriptedWallet } from "../../../chain/test/scripted-wallet.ts";
import { asStepError } from "../../src/step-error.ts";
import { SaleSteps } from "../../src/worker/sale-steps.ts";
import { allowAskingAgain } from "../../src/worker/waiting.ts";

describe("asking a wallet again from the page", function () {
  this.timeout(60_000);
  afterEach(() => allowAskingAgain(false));

  it("gives a seller the price whose redemption a wallet has lost", async () => {
    const world = await openWorld();
    const { connection, seller } = world;
    const { placed } = await fund(world);
    const inner = new ScriptedWallet(world.node.local.transport, connection.chainId, [seller.wallet]);
    let isBroken = true;
    const wallet = eip1193Account(async (args) => {
      // Nothing was sent, and the wallet does not say so.
      if (args.method === "eth_sendTransaction" && isBroken) {
        throw Object.assign(new Error("Internal JSON-RPC error."), { code: -32603 });
      }
      return inner.request(args);
    }, seller.wallet.address);
    const steps = new SaleSteps({
      home: "zkcmp",
      journal: seller.journal,
      connection: async () => connection,
      party: async () => ({ ...seller, wallet }),
      deployment: () => Promise.reject(new RangeError("not asked for")),
    });
    const choice = { keyIsPublic: false, acceptCredit: false, raiseFee: false };
    const lost = await steps.redeem(placed.hash, choice, () => undefined).catch((error: unknown) => error);
    expect(lost).to.be.instanceOf(UnansweredError);
    // This is what the page has to know it by: names of classes do not survive the build.
    expect(asStepError(lost).details).to.deep.equal({ mayAskAgain: true });

    isBroken = false;
    allowAskingAgain(true);
    const { paid } = await steps.redeem(placed.hash, choice, () => undefined);
    expect(paid).to.equal("paid");
    await world.close();
  });
});
