import { expect } from "chai";
import { thrown } from "../../network/test/thrown.ts";
import { parseRoundShape, roundShapeId, RoundShapeError } from "../src/round-shape.ts";
import { shapeOf } from "./arbitrary.ts";

describe("shape of a round", () => {
  it("is what was given", () => {
    const given = { ...shapeOf(), providers: 12, outputs: 3 };
    expect(parseRoundShape(given)).to.deep.equal(given);
  });

  it("names the field that is out of range", () => {
    const cases: [string, number][] = [
      ["providers", 0],
      ["providers", 13],
      ["rows", 0],
      ["features", 0],
      ["outputs", 0],
      ["dataBits", 1],
      ["dataBits", 17],
      ["fractionBits", 23],
      ["fractionBits", 49],
      ["integerBits", 1],
      ["integerBits", 11],
      ["validationRows", -1],
      ["rows", 1.5],
    ];
    for (const [field, value] of cases) {
      const error = thrown(() => parseRoundShape({ ...shapeOf(), [field]: value }));
      expect(error).to.be.instanceOf(RoundShapeError);
      expect(error.message).to.include(field);
    }
    expect(() => parseRoundShape({ ...shapeOf(), spare: 1 })).to.throw(RoundShapeError);
    expect(() => parseRoundShape(null)).to.throw(RoundShapeError);
  });

  it("is refused when no ridge makes an honest proof possible for all data", () => {
    const error = thrown(() => parseRoundShape({ ...shapeOf(), providers: 12, integerBits: 2 }));
    expect(error.message).to.include("ridge");
    expect(() => parseRoundShape({ ...shapeOf(), providers: 4, integerBits: 2 })).to.not.throw();
  });

  it("has an id of its own", () => {
    const shape = shapeOf();
    expect(roundShapeId(shape)).to.equal("p3-m4-f1-k1-b16-q36.6-v5");
    const ids = Object.keys(shape).map((field) =>
      roundShapeId({ ...shape, [field]: shape[field as keyof typeof shape] + 1 }),
    );
    expect(new Set([roundShapeId(shape), ...ids]).size).to.equal(9);
  });
});
