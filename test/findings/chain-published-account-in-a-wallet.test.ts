import { expect } from "chai";
import { WalletError } from "../../packages/chain/src/account.ts";
import { offerSale } from "../../packages/chain/src/seller/offer.ts";
import {
  accountAt,
  expectRefusal,
  LIVE_CHAIN,
  openWorld,
  order,
  seal,
  type World,
} from "../../packages/chain/test/fixture.ts";
import { ScriptedWallet } from "../../packages/chain/test/scripted-wallet.ts";

/**
 * The attack: the accounts of development nodes have published keys, and many have imported them into their wallets. Whoever sells or
 * is refunded with one on a live chain is robbed within a block: programs wait for it.
 * Refused for wallets as for keystores: on every chain but development chains, before anything is written or asked.
 */
describe("finding: a published account in a wallet", function () {
  this.timeout(60_000);
  let world: World;
  afterEach(() => world.close());

  for (const [chainId, isRefused] of [
    [LIVE_CHAIN, true],
    [31337, false],
  ] as const) {
    it(`is ${isRefused ? "refused" : "used"} on chain ${chainId}`, async () => {
      world = await openWorld(chainId);
      const placed = await order(world);
      await seal(world, placed);
      for (const index of [4, 19]) {
        await world.node.local.transport("hardhat_setBalance", [accountAt(index).address, "0xde0b6b3a7640000"]);
        const wallet = new ScriptedWallet(world.node.local.transport, chainId, [accountAt(index)]);
        const offered = offerSale({ ...world.seller, wallet: wallet.account() }, placed.hash, { timeout: 0 });
        if (isRefused) {
          await expectRefusal(offered, WalletError, /everybody has its key/);
          expect(wallet.asked).to.deep.equal([]);
          expect((await world.seller.journal.sale(placed.hash)).offer).to.equal(undefined);
        } else if (index === 4) {
          await offered;
          expect(wallet.asked).to.have.lengthOf(1);
          break;
        }
      }
    });
  }
});
