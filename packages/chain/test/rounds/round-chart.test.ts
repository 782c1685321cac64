import { toFieldElement } from "@zkcmp/field/element";
import { type Address, ETHER } from "@zkcmp/sale/order";
import { expect } from "chai";
import { roundChart } from "../../src/rounds/round-chart.ts";
import type { RoundStatus } from "../../src/rounds/round-status.ts";

const POOL = 4n * 10n ** 18n;

function status(values: readonly (bigint | null)[], earned: readonly bigint[], equal: boolean) {
  const providers = values.map((value, slot) => {
    const payee: Address = `0x${String(slot + 1).repeat(40)}`;
    return { slot, payee, commitment: toFieldElement(1n), value, earned: earned[slot]!, paid: 0n };
  });
  return { providers, equal, stored: { pool: POOL } as RoundStatus["stored"] };
}

describe("the chart of a round", () => {
  it("measures values by the sum of the positive ones, whatever the negative ones take away", () => {
    const chart = roundChart(status([30n, 10n, -80n], [3n * 10n ** 18n, 10n ** 18n, 0n], false), ETHER, { title: "t" });
    const [values, rewards] = chart.panels;
    expect(values!.bars.map(({ text }) => text)).to.deep.equal(["75.0 %", "25.0 %", "-200.0 %"]);
    expect(rewards!.bars.map(({ text }) => text)).to.deep.equal(["3.000000 ether", "1.000000 ether", "0.000000 ether"]);
    expect(rewards!.bars.map(({ value }) => value)).to.deep.equal([0.75, 0.25, 0]);
    expect(chart.labels[1]).to.equal("0x222222…2222");
  });

  it("draws values to the left where nobody helped, and none without a proof", () => {
    const bad = roundChart(status([-1n, -4n], [2n * 10n ** 18n, 2n * 10n ** 18n], true), ETHER, { title: "t" });
    expect(bad.panels[0]!.bars.map(({ value }) => value)).to.deep.equal([-0.25, -1]);
    expect(bad.subtitle).to.contain("split equally");
    const unproven = roundChart(status([null, null], [1n, 1n], true), ETHER, { title: "t", labels: ["a", "b"] });
    expect(unproven.panels).to.have.length(1);
    expect(unproven.labels).to.deep.equal(["a", "b"]);
    expect(unproven.subtitle).to.contain("no values were proven");
  });
});
