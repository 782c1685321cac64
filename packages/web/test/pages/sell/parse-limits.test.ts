import { expect } from "chai";
import { parseLimits } from "../../../src/pages/sell/parse-limits.ts";

const TEXTS = { minimumRows: "100", accuracy: "", rmse: "", bits: "" };

describe("the fields of a seller's limits", () => {
  it("are no limit where they are empty, but for the rows", () => {
    expect(parseLimits(TEXTS).limits).to.deep.equal({
      minimumRows: 100,
      advertisedAccuracy: null,
      advertisedRmse: null,
      maximumBits: null,
    });
    expect(parseLimits({ ...TEXTS, minimumRows: "" }).limits).to.equal(null);
  });

  it("are read as shares and numbers", () => {
    const { limits } = parseLimits({ minimumRows: "1", accuracy: "95", rmse: "0.5", bits: "12" });
    expect(limits).to.deep.equal({ minimumRows: 1, advertisedAccuracy: 0.95, advertisedRmse: 0.5, maximumBits: 12 });
  });

  it("say which one is wrong, and are then no limits at all", () => {
    for (const [name, texts] of Object.entries({
      minimumRows: ["0", "-1", "1.5", "x"],
      accuracy: ["101", "1e2", "ninety"],
      rmse: ["0", "-1", "1e-3"],
      bits: ["0", "2.5"],
    })) {
      for (const text of texts) {
        const { limits, problems } = parseLimits({ ...TEXTS, [name]: text });
        expect(limits, text).to.equal(null);
        const wrong = Object.entries(problems).flatMap(([field, problem]) => (problem === null ? [] : [field]));
        expect(wrong, text).to.deep.equal([name]);
      }
    }
  });
});
