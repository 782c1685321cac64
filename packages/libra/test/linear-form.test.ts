import { openingSizes, REST_LIMIT } from "@zkcmp/libra/linear-form";
import { expect } from "chai";
import fc from "fast-check";

describe("openingSizes", () => {
  it("halves exactly as often as leaves at most the limit, with less padding than one entry for each block", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.constantFrom(64, 256, 4096, 8192), (messages, columns) => {
        const sizes = openingSizes(messages, columns);
        expect(sizes.length).to.equal(sizes.rest * 2 ** sizes.halvings);
        expect(sizes.length).to.equal(sizes.messages + columns);
        expect(sizes.messages - messages).to.be.within(0, 2 ** sizes.halvings - 1);
        expect(sizes.rest).to.be.at.most(REST_LIMIT);
        if (sizes.halvings > 0) expect((messages + columns) / 2 ** (sizes.halvings - 1)).to.be.above(REST_LIMIT);
      }),
    );
  });

  it("has few halvings even for counts that no proof holds", () => {
    expect(openingSizes(2 ** 32 - 1, 64).halvings).to.be.below(32);
  });
});
