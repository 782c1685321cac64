import { type FieldElement, reduce } from "@zkcmp/field/element";
import type { Bundle } from "@zkcmp/sale/bundle";
import type { Core } from "@zkcmp/sale/core";
import { NO_SPLIT } from "@zkcmp/sale/deal";
import { orderHash } from "@zkcmp/sale/order";
import { type SaleStatement, saleStatement } from "@zkcmp/sale/statement";
import { verifyBundle } from "@zkcmp/sale/verification";
import { expect } from "chai";
import { rejected } from "../../packages/network/test/thrown.ts";
import {
  addressOf,
  createDeal,
  dealIdFor,
  type FixtureDeal,
  signOrder,
  STRANGER,
  without,
} from "../../packages/sale/test/fixture.ts";

/** The two public values that name the deal in every proof system. */
const names = (statement: SaleStatement): string => `${statement.coreDigest} ${statement.dealId}`;

/**
 * The attack: a proof that holds for one deal is taken along to another: to a second chain, a second escrow, for another
 * price, buyer or seller, to an older test set or another threshold. If nothing in the proof names the deal, a seller
 * proves once and sells as often as he likes, or someone sells another's proof.
 * Refused because the statement holds the digest of the core, with the order in it, and the deal's id, and because both
 * are public inputs of the proof.
 */
describe("finding: proof moved to another deal", function () {
  this.timeout(60_000);

  let deal: FixtureDeal;

  before(async () => {
    deal = await createDeal();
  });

  /** The deal under another order, with the proof of the first one; all the rest made anew to fit. */
  async function movedTo(
    change: Partial<FixtureDeal["order"]>,
  ): Promise<{ bundle: Bundle; core: Core; dealId: FieldElement }> {
    const order = { ...deal.order, ...change };
    const core: Core = { ...deal.core, orderHash: orderHash(order), rows: order.rows, threshold: order.threshold };
    const dealId = dealIdFor(order, core, deal.bundle.seller);
    const bundle: Bundle = { ...deal.bundle, signedOrder: await signOrder(order), core, dealId };
    return { bundle, core, dealId };
  }

  const elsewhere: Partial<FixtureDeal["order"]>[] = [
    { chainId: 1 },
    { escrow: `0x${"ab".repeat(20)}` },
    { token: `0x${"ab".repeat(20)}` },
    { price: 1n },
    { fundableUntil: 2_100_000_000 },
    { timeToRedeem: 7200 },
    { threshold: 19 },
    { salt: `0x${"ab".repeat(32)}` },
  ];
  for (const change of elsewhere) {
    it(`is refused in a deal with another ${Object.keys(change).join()}`, async () => {
      const { bundle, core, dealId } = await movedTo(change);
      // Without the buyer's key, so that the binding to the order does not refuse it first.
      const inputs = { ...without(deal.inputs, "buyerPrivateKey"), bundle };
      const error = await rejected(verifyBundle(inputs));
      expect(error.message).to.contain("the proof is for another statement");
      const moved = saleStatement(core, dealId, bundle.ciphertext, deal.testSet);
      expect(moved.coreDigest).to.not.equal(deal.statement.coreDigest);
      expect(moved.dealId).to.not.equal(deal.statement.dealId);
    });
  }

  it("is refused with the same core under another seller or another split, by the deal's id alone", async () => {
    const splits = { ...NO_SPLIT, basisPoints: 100 };
    for (const [seller, split] of [
      [addressOf(STRANGER), NO_SPLIT],
      [deal.bundle.seller, splits],
    ] as const) {
      const dealId = dealIdFor(deal.order, deal.core, seller, split);
      const bundle: Bundle = { ...deal.bundle, seller, split, dealId };
      const error = await rejected(verifyBundle({ ...deal.inputs, bundle }));
      expect(error.message).to.contain("the proof is for another statement");
    }
  });

  it("names core and deal in the statement, so that a change of either gives another one", () => {
    const { core, dealId, bundle, testSet } = deal;
    const statements = [
      deal.statement,
      saleStatement(core, reduce(dealId + 1n), bundle.ciphertext, testSet),
      saleStatement({ ...core, orderHash: `0x${"00".repeat(32)}` }, dealId, bundle.ciphertext, testSet),
      saleStatement({ ...core, keyCommitment: reduce(1n) }, dealId, bundle.ciphertext, testSet),
      saleStatement({ ...core, modelCommitment: reduce(1n) }, dealId, bundle.ciphertext, testSet),
    ];
    expect(new Set(statements.map(names)).size).to.equal(statements.length);
  });

  it("tells a sample of all rows from all rows: the same inferences, but another core", () => {
    const rows = [...deal.testSet.rows.keys()];
    const { dealId, bundle, testSet } = deal;
    const all = saleStatement({ ...deal.core, threshold: 24 }, dealId, bundle.ciphertext, testSet);
    const core = { ...deal.core, threshold: 24, sampledRows: 24 };
    const sample = saleStatement(core, dealId, bundle.ciphertext, testSet, rows);
    expect(sample.provenRows).to.deep.equal(all.provenRows);
    expect(names(sample)).to.not.equal(names(all));
  });
});
