import { expect } from "chai";
import { sampleFacts } from "../../src/rounds/sample-facts.ts";
import { SHAPE } from "./fixture.ts";

const row = (...digits: number[]): Uint16Array => Uint16Array.from(digits);

describe("facts about a provider's rows", () => {
  it("counts repeated, clipped, constant and shared ones", () => {
    const samples = { rows: [row(1, 0), row(1, 255), row(1, 7), row(1, 7)] };
    const others = [
      { payee: "0xaa" as const, samples: { rows: [row(1, 7), row(1, 0), row(2, 2)] } },
      { payee: "0xbb" as const, samples: { rows: [row(3, 3)] } },
    ];
    expect(sampleFacts(SHAPE, samples, others)).to.deep.equal({
      rows: 4,
      repeated: 1,
      clipped: 0.25,
      constant: [0],
      shared: [{ payee: "0xaa", rows: 2 }],
    });
  });

  it("calls no column of a single row constant", () => {
    expect(sampleFacts(SHAPE, { rows: [row(1, 2)] }, []).constant).to.deep.equal([]);
  });
});
