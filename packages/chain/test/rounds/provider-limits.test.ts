import { expect } from "chai";
import { PROVIDER_LIMITS } from "../../src/rounds/provider-limits.ts";

describe("what a round does not do for a provider", () => {
  it("names what the published numbers give away", () => {
    expect(PROVIDER_LIMITS.join(" ")).to.match(/loss and values are published exactly: .* confirm guesses/);
  });
});
