import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { generatedFiles } from "../../../scripts/generate-contract-code.ts";
import { REWARDS_CODE, REWARDS_VERIFIER_CODE } from "../src/rewards-code.ts";

describe("rewards-code.ts", function () {
  this.timeout(60_000);

  it("is what the compiled contracts give: else run scripts/generate-contract-code.ts", async () => {
    const file = "packages/chain/src/rewards-code.ts";
    expect(await readFile(new URL("../src/rewards-code.ts", import.meta.url), "utf8")).to.equal(
      (await generatedFiles())[file],
    );
  });

  it("names every immutable of the verifier and of the contract, and masks all their places", () => {
    expect(Object.keys(REWARDS_VERIFIER_CODE.immutables)).to.have.length(32);
    expect(REWARDS_VERIFIER_CODE.immutables).to.include.keys("alphaX", "betaXImaginary", "deltaYReal", "ic0X", "ic8Y");
    expect(Object.keys(REWARDS_CODE.immutables)).to.have.members([
      ...["verifier", "providers", "rows", "features", "outputs"],
      ...["dataBits", "fractionBits", "integerBits", "validationRows"],
    ]);
    for (const { immutables, masked, addresses } of [REWARDS_CODE, REWARDS_VERIFIER_CODE]) {
      expect(masked).to.have.deep.members([...addresses, ...Object.values(immutables).flat()]);
    }
  });
});
