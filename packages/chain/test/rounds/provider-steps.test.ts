import { toFieldElement } from "@zkcmp/field/element";
import { expect } from "chai";
import { providerSteps } from "../../src/rounds/provider-steps.ts";
import type { Round } from "../../src/rounds/rewards-contract.ts";
import type { ReceiptMessage } from "../../src/rounds/round-message.ts";
import type { RoundTerms } from "../../src/rounds/round-terms.ts";
import { SHAPE } from "./fixture.ts";

const ACCOUNT = `0x${"b2".repeat(20)}` as const;
const ROUND = {
  shape: SHAPE,
  terms: { registrationUntil: 100, submissionUntil: 200, claimUntil: 300 } as RoundTerms,
};
const RECEIPT = { receipt: {} as ReceiptMessage };

function status(state: Round["state"], now: number, own: { earned: bigint | null; paid: bigint } | null, count = 1) {
  const provider = { slot: 0, payee: ACCOUNT, commitment: toFieldElement(1n), value: null };
  return {
    stored: { state, providers: count } as Round,
    now,
    equal: state === "open" ? null : state === "equal",
    providers: own === null ? [] : [{ ...provider, ...own }],
  };
}

/** The states in the order of the steps. */
function states(...given: Parameters<typeof providerSteps>): string {
  const { rows, disclosure, receipt, register, watch, claim } = providerSteps(...given);
  return [rows, disclosure, receipt, register, watch, claim].join(" ");
}

describe("a provider's steps", () => {
  it("come one after the other while registration is open", () => {
    const open = status("open", 100, null);
    expect(states(ROUND, open, ACCOUNT, null)).to.equal("now later later later later later");
    expect(states(ROUND, open, null, null)).to.equal("now later later later later later");
    expect(states(ROUND, open, ACCOUNT, { receipt: null })).to.equal("done now wait later later later");
    expect(states(ROUND, open, ACCOUNT, RECEIPT)).to.equal("done done done now later later");
  });

  it("are over for whom is not registered, from the first second after registration or when all slots are taken", () => {
    const over = "over over over over over over";
    expect(states(ROUND, status("open", 101, null), ACCOUNT, RECEIPT)).to.equal(over);
    expect(states(ROUND, status("open", 50, null, SHAPE.providers), ACCOUNT, null)).to.equal(over);
    expect(states(ROUND, status("submitted", 150, null), ACCOUNT, null)).to.equal(over);
  });

  it("lead a registered provider to the claim, again when the pool grows, until the claims end", () => {
    const first = "done done done done";
    expect(states(ROUND, status("open", 50, { earned: null, paid: 0n }), ACCOUNT, null)).to.equal(
      `${first} wait later`,
    );
    expect(states(ROUND, status("submitted", 150, { earned: 5n, paid: 0n }), ACCOUNT, null)).to.equal(
      `${first} done now`,
    );
    expect(states(ROUND, status("equal", 300, { earned: 7n, paid: 5n }), ACCOUNT, null)).to.equal(`${first} done now`);
    expect(states(ROUND, status("equal", 301, { earned: 7n, paid: 5n }), ACCOUNT, null)).to.equal(`${first} done over`);
    expect(states(ROUND, status("submitted", 150, { earned: 5n, paid: 5n }), ACCOUNT, null)).to.equal(
      `${first} done done`,
    );
    expect(states(ROUND, status("swept", 400, { earned: 5n, paid: 0n }), ACCOUNT, null)).to.equal(`${first} done over`);
  });
});
