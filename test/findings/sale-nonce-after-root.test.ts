import { ZkcmpError } from "@zkcmp/field/error";
import type { Bundle } from "@zkcmp/sale/bundle";
import { type Hex, toHex } from "@zkcmp/sale/hex";
import { checkSample, claimRows, createNonce, openSample, type SampleClaim } from "@zkcmp/sale/sampling";
import { saleStatement } from "@zkcmp/sale/statement";
import { verifyBundle, VerificationError } from "@zkcmp/sale/verification";
import { expect } from "chai";
import { rejected } from "../../packages/network/test/thrown.ts";
import {
  believingProofSystem,
  createDeal,
  type FixtureDeal,
  rightRows,
  signRoot,
  without,
} from "../../packages/sale/test/fixture.ts";

/**
 * The attack: the rows to be proven follow from the seller's root and the buyer's nonce. A seller whose model is right on
 * fewer than T rows claims T all the same, waits for the nonce, and then tries one root after the other until only right
 * rows are drawn; or asks for a second nonce. It takes (T/A)^m tries, which is nothing.
 * Refused because the buyer compares the bundle's root with the one that came before the nonce was opened, and because
 * the nonce is fixed by the order. A signature on the root is no help: the seller signs as many as he likes.
 */
describe("finding: root made after the nonce", function () {
  this.timeout(60_000);

  let deal: FixtureDeal;
  let second: { claim: SampleClaim; bundle: Bundle; tries: number };

  /** The deal's bundle under another claim, consistent in itself, with the signature and the proof that belong to it. */
  async function bundleFor(claim: SampleClaim): Promise<Bundle> {
    const { order, dealId, nonce, core, testSet, network, secrets } = deal;
    const { openings, rows } = openSample(claim, order, dealId, nonce);
    const statement = saleStatement(core, dealId, deal.bundle.ciphertext, testSet, rows);
    const proof = toHex(await believingProofSystem.prove(statement, { network, secrets }));
    const rootSignature = await signRoot(order, dealId, claim.root);
    return { ...deal.bundle, proof, sampling: { root: claim.root, rootSignature, nonce, openings } };
  }

  before(async () => {
    // The model is right on 22 of the 24 rows; the order asks for all 24 and proves 6 of them.
    const options = { order: { sampledRows: 6, threshold: 22 } };
    deal = await createDeal(options);
    const right = rightRows(deal.network, deal.testSet);
    const lie = (): SampleClaim =>
      claimRows(
        right.map(() => true),
        22,
      );
    let [claim, tries] = [lie(), 1];
    const drawsRightRows = (): boolean =>
      openSample(claim, deal.order, deal.dealId, deal.nonce).rows.every((row) => right[row]);
    for (; !drawsRightRows(); tries++) claim = lie();
    second = { claim, bundle: await bundleFor(claim), tries };
  });

  it("costs the seller next to nothing, and everything in the bundle fits", () => {
    expect(second.tries).to.be.below(1000);
    expect(second.claim.root).to.not.equal(deal.claim!.root);
    checkSample(deal.order, deal.dealId, second.bundle.sampling!);
  });

  it("is refused by the root that came first", async () => {
    const error = await rejected(verifyBundle({ ...deal.inputs, bundle: second.bundle }));
    expect(error).to.be.instanceOf(VerificationError);
    expect(error.message).to.contain("the root is not the one that came before the nonce was opened");
    await verifyBundle(deal.inputs);
  });

  it("is not passed over in silence where the first root is unknown", async () => {
    const inputs = { ...without(deal.inputs, "sampleRoot"), bundle: second.bundle };
    const { unchecked } = await verifyBundle(inputs);
    expect(unchecked.join()).to.contain("root of the sample not checked, do not fund");
  });

  it("is refused with a nonce that the order does not fix", async () => {
    const nonce: Hex = createNonce();
    const bundle = { ...deal.bundle, sampling: { ...deal.bundle.sampling!, nonce } };
    expect((await rejected(verifyBundle({ ...deal.inputs, bundle }))).message).to.contain("the nonce is not the one");
    expect(() => openSample(deal.claim!, deal.order, deal.dealId, nonce)).to.throw(
      ZkcmpError,
      "the nonce is not the one",
    );
  });

  it("is refused with openings of the first root under the second, and the other way round", async () => {
    const first = deal.bundle.sampling!;
    const later = second.bundle.sampling!;
    for (const [sampling, sampleRoot] of [
      [{ ...later, openings: first.openings }, later.root],
      [{ ...first, openings: later.openings }, first.root],
    ] as const) {
      const bundle = { ...deal.bundle, sampling };
      const error = await rejected(verifyBundle({ ...deal.inputs, bundle, sampleRoot }));
      expect(error.message).to.contain("is not the drawn leaf of the committed claim");
    }
  });
});
