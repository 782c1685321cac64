import { expect } from "chai";
import type { Deal } from "../../src/escrow-contract.ts";
import type { SaleRecord } from "../../src/sale-record.ts";
import { redeemMargin } from "../../src/seller/redeem.ts";
import { lastRedemption, saleStep } from "../../src/seller/sale-step.ts";

const NOW = 1_800_000_000;
const DAY = 86_400;

describe("saleStep", () => {
  const offer = {} as SaleRecord["offer"];
  const recordOf = (changes: Partial<SaleRecord> = {}, sampledRows = 0): SaleRecord =>
    ({ signedOrder: { order: { sampledRows } }, offer, ...changes }) as SaleRecord;
  const dealOf = (changes: Partial<Deal>): Deal =>
    ({ state: "offered", fundableUntil: NOW, timeToRedeem: DAY, refundableFrom: 0, ...changes }) as Deal;
  const stepOf = (record: SaleRecord, deal: Deal | null, final = true) => saleStep(record, { deal, final, now: NOW });

  it("goes on with an offer that was written down and not mined", () => {
    expect(stepOf(recordOf({ offer: undefined }), null)).to.equal("offer");
    expect(stepOf(recordOf(), dealOf({ state: "none" }))).to.equal("offer-again");
  });

  it("asks for the messages in their order, those of a sample only where one was ordered", () => {
    const testSet = { file: "0x", salt: "0x" } as const;
    const steps = [
      stepOf(recordOf(), dealOf({}), false),
      stepOf(recordOf(), dealOf({})),
      stepOf(recordOf({ testSet }), dealOf({})),
      stepOf(recordOf({ testSet, bundle: "0x" }), dealOf({})),
      stepOf(recordOf({ testSet }, 3), dealOf({})),
      stepOf(recordOf({ testSet, rootSignature: "0x" }, 3), dealOf({})),
      stepOf(recordOf({ testSet, rootSignature: "0x", nonce: "0x" }, 3), dealOf({})),
    ];
    expect(steps).to.deep.equal(["offer-final", "test-set", "proof", "payment", "root", "nonce", "proof"]);
    expect(stepOf(recordOf({ testSet, bundle: "0x" }), dealOf({ fundableUntil: NOW - 1 }))).to.equal("funding-over");
  });

  it("shows the key until the margin before the refund begins, to the second", () => {
    const funded = (left: number, final = true) =>
      stepOf(recordOf(), dealOf({ state: "funded", refundableFrom: NOW + left }), final);
    const margin = redeemMargin(DAY);
    expect(funded(margin + 1)).to.equal("redeem");
    expect(funded(margin + 1, false)).to.equal("payment-final");
    expect(funded(margin)).to.equal("redeem-late");
    expect(funded(1)).to.equal("redeem-late");
    expect(funded(0)).to.equal("refund-open");
    expect(lastRedemption(dealOf({ refundableFrom: NOW + margin }))).to.equal(NOW);
  });

  it("ends as the chain says", () => {
    for (const state of ["redeemed", "refunded", "cancelled"] as const) {
      expect(stepOf(recordOf(), dealOf({ state }))).to.equal(state);
    }
  });
});
