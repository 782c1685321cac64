import { expect } from "chai";
import { deployWorld, ethers, fundDeal, networkHelpers, OPENING, PRICE } from "../escrow/fixture.ts";

/**
 * The attack: an escrow pays whoever brings the key, or an address that the caller names. The key is public as soon as
 * the seller's transaction waits to be mined; anyone copies it with a higher fee and takes the price.
 * Refused because the payee is the seller stored at the offer: the copy pays the same account.
 */
describe("finding: payee not bound", () => {
  it("pays the stored seller when the copied redemption is mined first", async () => {
    const { escrow, seller, stranger, dealId } = await fundDeal(await networkHelpers.loadFixture(deployWorld));
    const gas = { gasLimit: 500_000n, maxPriorityFeePerGas: 10n ** 9n };
    await ethers.provider.send("evm_setAutomine", [false]);
    try {
      const original = await escrow.connect(seller).redeem(dealId, OPENING.key, OPENING.opening, gas);
      const copy = await stranger.sendTransaction({
        to: escrow,
        data: original.data,
        ...gas,
        maxPriorityFeePerGas: 10n * gas.maxPriorityFeePerGas,
        maxFeePerGas: 100n * 10n ** 9n,
      });
      const before = await ethers.provider.getBalance(seller);
      await ethers.provider.send("evm_mine", []);

      const receipts = await Promise.all(
        [original, copy].map(({ hash }) => ethers.provider.getTransactionReceipt(hash)),
      );
      expect(receipts.map((receipt) => receipt!.status)).to.deep.equal([0, 1], "the copy came first");
      const fee = receipts[0]!.gasUsed * receipts[0]!.gasPrice;
      expect(await ethers.provider.getBalance(seller)).to.equal(before + PRICE - fee);
    } finally {
      await ethers.provider.send("evm_setAutomine", [true]);
    }
  });

  it("has no parameter that could name a payee", async () => {
    const { escrow } = await networkHelpers.loadFixture(deployWorld);
    const inputs = escrow.interface.getFunction("redeem").inputs.map(({ type }) => type);
    expect(inputs).to.deep.equal(["uint256", "uint256", "uint256"]);
  });
});
