import { toFieldElement } from "@zkcmp/field/element";
import { expect } from "chai";
import { purchaseSteps, type PurchaseSituation } from "../../src/buyer/purchase-steps.ts";
import type { Deal } from "../../src/escrow-contract.ts";
import type { PurchaseRecord } from "../../src/purchase-record.ts";

const UNTIL = 1_000;
const REFUND = 2_000;

/** As far as steps look into a record. */
function record(parts: Partial<PurchaseRecord> = {}): PurchaseRecord {
  return parts as PurchaseRecord;
}

function situation(
  state: Deal["state"],
  now: number,
  rest: { final?: boolean; credit?: bigint } = {},
): PurchaseSituation {
  const refundableFrom = state === "offered" || state === "cancelled" ? 0 : REFUND;
  const deal = { state, fundableUntil: UNTIL, refundableFrom } as Deal;
  return { deal, now, final: rest.final ?? true, credit: rest.credit ?? 0n };
}

const statesOf = (purchase: PurchaseRecord, where: PurchaseSituation): Record<string, string> =>
  Object.fromEntries(purchaseSteps(purchase, where).map(({ name, state }) => [name, state]));

const revealed = { revealed: { dealId: toFieldElement(1n, "a deal"), seller: "0x01" as const } };
const root = { root: { root: "0x02" as const, signature: "0x03" as const } };

describe("steps of a purchase", () => {
  it("are taken one after the other", () => {
    const offered = situation("offered", 0);
    expect(statesOf(record(), offered)).to.include({ reveal: "now", verify: "later", fund: "later", key: "later" });
    expect(statesOf(record(revealed), offered)).to.include({ reveal: "done", verify: "now", fund: "later" });
    expect(statesOf(record({ ...revealed, bundle: "0x04" }), offered)).to.include({ verify: "done", fund: "now" });
    const paid = record({ ...revealed, bundle: "0x04" });
    expect(statesOf(paid, situation("funded", 1_500))).to.include({ fund: "done", key: "wait", refund: "later" });
    expect(statesOf(paid, situation("redeemed", 1_500))).to.include({ key: "done", unseal: "now", refund: "over" });
  });

  it("do not show the test set before the offer is final", () => {
    expect(statesOf(record(), situation("offered", 0, { final: false })).reveal).to.equal("wait");
  });

  it("open the nonce between test set and bundle, where rows are sampled", () => {
    const offered = situation("offered", 0);
    expect(statesOf(record(revealed), offered)).not.to.have.property("sample");
    const sampled = { nonce: "0x05" as const };
    expect(statesOf(record(sampled), offered)).to.include({ sample: "later" });
    expect(statesOf(record({ ...sampled, ...revealed }), offered)).to.include({ sample: "now", verify: "later" });
    expect(statesOf(record({ ...sampled, ...revealed, ...root }), offered)).to.include({
      sample: "done",
      verify: "now",
    });
  });

  it("end when the time to fund is over: the last second still counts", () => {
    expect(statesOf(record(), situation("offered", UNTIL)).reveal).to.equal("now");
    const late = statesOf(record({ ...revealed, bundle: "0x04" }), situation("offered", UNTIL + 1));
    expect(late).to.include({ verify: "done", fund: "over", key: "over", unseal: "over", refund: "over" });
    expect(statesOf(record(), situation("cancelled", 0))).to.include({ reveal: "over", fund: "over", refund: "over" });
  });

  it("give the price back from refundableFrom on", () => {
    const paid = record({ ...revealed, bundle: "0x04" });
    expect(statesOf(paid, situation("funded", REFUND - 1)).refund).to.equal("later");
    expect(statesOf(paid, situation("funded", REFUND)).refund).to.equal("now");
    expect(statesOf(paid, situation("refunded", REFUND))).to.include({ refund: "done", key: "over", unseal: "over" });
  });

  it("withdraw a credit whenever there is one", () => {
    const paid = record({ ...revealed, bundle: "0x04" });
    expect(statesOf(paid, situation("refunded", REFUND, { credit: 1n })).withdraw).to.equal("now");
    expect(statesOf(paid, situation("redeemed", REFUND)).withdraw).to.equal("over");
    expect(statesOf(paid, situation("funded", REFUND)).withdraw).to.equal("later");
  });
});
