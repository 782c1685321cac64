import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { generatedFiles } from "../../../scripts/generate-contract-code.ts";

describe("escrow-code.ts", function () {
  this.timeout(60_000);
  it("is what the compiled contracts give: else run scripts/generate-contract-code.ts", async () => {
    const file = "packages/chain/src/escrow-code.ts";
    expect(await readFile(new URL("../src/escrow-code.ts", import.meta.url), "utf8")).to.equal(
      (await generatedFiles())[file],
    );
  });
});
