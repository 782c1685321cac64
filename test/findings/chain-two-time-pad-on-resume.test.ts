import { reduce } from "@zkcmp/field/element";
import { parametersInSealingOrder } from "@zkcmp/network/network";
import { encrypt, keystream } from "@zkcmp/sale/ciphertext";
import { cipherKeyOf } from "@zkcmp/sale/seal";
import { expect } from "chai";
import { networkOf } from "../../packages/sale/test/fixture.ts";
import { Journal, JournalError } from "../../packages/chain/src/journal.ts";
import { cancelSale, offerSale } from "../../packages/chain/src/seller/offer.ts";
import { expectRefusal, openWorld, order, seal, type World } from "../../packages/chain/test/fixture.ts";

/**
 * The attack: a seller's command is interrupted after the key was drawn. Run again, with a network that was changed in the
 * meantime, it takes the key from the journal and makes a second ciphertext with the same keystream. Who has both takes their
 * difference, in which the pad is gone: all differences of weights, and with one known network the other one.
 * Refused because the journal holds a key with the one ciphertext it made, a second seal always draws anew, and a record in which
 * a key stands with another ciphertext, or a second time, is not written.
 */
describe("finding: a two-time pad on resume", function () {
  this.timeout(60_000);
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  it("would show all differences of the weights", () => {
    const [one, other] = [networkOf(undefined, 1), networkOf(undefined, 2)];
    const [a, b] = [one, other].map((network) => encrypt(parametersInSealingOrder(network), 8, reduce(5n)));
    const difference = a![0]! - b![0]!;
    const [first, second] = [one, other].map((network) => parametersInSealingOrder(network).slice(0, 31));
    const plain = first!.reduce((sum, value, i) => sum + BigInt(value - second![i]!) * 256n ** BigInt(i), 0n);
    expect(reduce(difference - plain)).to.equal(0n);
  });

  for (const offered of [false, true]) {
    it(`is avoided when the network has changed${offered ? " and the first offer was cancelled" : ""}`, async () => {
      const placed = await order(world);
      await seal(world, placed);
      if (offered) {
        await offerSale(world.seller, placed.hash);
        await cancelSale(world.seller, placed.hash);
      }
      const first = await world.seller.journal.sale(placed.hash);
      await seal(world, placed, networkOf(undefined, 2));
      const second = await new Journal(world.seller.journal.home).sale(placed.hash);
      expect(second.secrets.key).to.not.equal(first.secrets.key);
      expect(second.core.ephemeralKey).to.not.equal(first.core.ephemeralKey);
      const pads = [first, second].map(({ secrets }) => keystream(cipherKeyOf(secrets.key, secrets.secret), 1)[0]);
      expect(pads[0]).to.not.equal(pads[1]);
      expect(second.formerSeals[0]?.ciphertextDigest).to.equal(first.core.ciphertextDigest);
    });
  }

  it("is avoided for the same network once its key was offered", async () => {
    const placed = await order(world);
    await seal(world, placed);
    await offerSale(world.seller, placed.hash);
    await cancelSale(world.seller, placed.hash);
    const first = await world.seller.journal.sale(placed.hash);
    await seal(world, placed);
    expect((await world.seller.journal.sale(placed.hash)).secrets.key).to.not.equal(first.secrets.key);
  });

  it("is not written, even where a program tries", async () => {
    const placed = await order(world);
    await seal(world, placed);
    const first = await world.seller.journal.sale(placed.hash);
    const ciphertext = encrypt(
      parametersInSealingOrder(networkOf(undefined, 2)),
      8,
      cipherKeyOf(first.secrets.key, first.secrets.secret),
    );
    const swapped = world.seller.journal.withSale(placed.hash, (sale) => sale.write({ ciphertext }));
    await expectRefusal(swapped, JournalError, /ciphertext is not the one in the core/);
    const former = {
      keyCommitment: first.core.keyCommitment,
      ciphertextDigest: ciphertext[0]!,
      secrets: first.secrets,
    };
    const twice = world.seller.journal.withSale(placed.hash, (sale) => sale.write({ formerSeals: [former] }));
    await expectRefusal(twice, JournalError, /a key was used for two seals/);
    expect(await world.seller.journal.sale(placed.hash)).to.deep.equal(first);
  });
});
