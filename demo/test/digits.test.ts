import { quantise } from "@zkcmp/network/quantise";
import { score, scoreFloat, scorePredictions } from "@zkcmp/network/score";
import type { TestSet } from "@zkcmp/network/testset";
import { expect } from "chai";
import { DIGIT_SIDE, drawDigits } from "../digits.ts";
import { trainNetwork } from "../training.ts";

/** Accuracy of answering the class whose mean image is nearest. */
function nearestMeanAccuracy(train: TestSet, test: TestSet): number {
  const means = Array.from({ length: train.classes }, (_, label) => {
    const own = train.rows.filter((_, i) => train.labels[i] === label);
    return Array.from({ length: 196 }, (_, k) => own.reduce((sum, row) => sum + row[k]!, 0) / own.length);
  });
  const answers = test.rows.map((row) => {
    const distances = means.map((mean) => mean.reduce((sum, value, k) => sum + (value - row[k]!) ** 2, 0));
    return distances.indexOf(Math.min(...distances));
  });
  return scorePredictions(answers, test.labels, test.classes).accuracy;
}

describe("digits", () => {
  it("draws the same set for the same seed only", () => {
    expect(drawDigits(30, 5)).to.deep.equal(drawDigits(30, 5));
    expect(drawDigits(30, 5)).to.not.deep.equal(drawDigits(30, 6));
  });

  it("draws all classes equally often, in random order, on 8 bits", () => {
    const set = drawDigits(200, 1);
    expect(set).to.include({ inputBits: 8, classes: 10 });
    expect(set.rows[0]).to.have.length(DIGIT_SIDE ** 2);
    for (let label = 0; label < 10; label++) expect(set.labels.filter((found) => found === label)).to.have.length(20);
    expect([...set.labels]).to.not.deep.equal(Array.from(set.labels).sort());
    for (const row of set.rows) expect(Math.max(...row)).to.be.greaterThan(100);
  });

  it("draws no image twice", () => {
    const rows = [...drawDigits(500, 1).rows, ...drawDigits(500, 2).rows];
    expect(new Set(rows.map((row) => row.join())).size).to.equal(1000);
  });

  it("is a learning problem: 196-16-10 gets most held-out digits right, not all, and more than simple means do", async function () {
    this.timeout(60_000);
    const [train, test] = [drawDigits(3000, 1), drawDigits(1000, 2)];
    const network = await trainNetwork({ ...train, inputMax: 255 }, { hidden: [16], epochs: 15, seed: 1 });
    const float = scoreFloat(network, test.rows, test.labels, 10).accuracy;
    const quantised = score(quantise(network, train, { inputBits: 8 }).network, test).accuracy;
    console.log(`      own digits 196-16-10: float ${float}, quantised ${quantised}`);
    expect(float).to.be.within(0.9, 0.985);
    expect(quantised).to.be.within(float - 0.015, 0.985);
    expect(nearestMeanAccuracy(train, test)).to.be.lessThan(float - 0.03);
  });
});
