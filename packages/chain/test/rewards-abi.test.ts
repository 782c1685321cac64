import { expect } from "chai";
import { Interface } from "ethers";
import { readFile } from "node:fs/promises";
import { REWARDS_ABI } from "../src/rewards-abi.ts";

describe("rewards-abi.ts", () => {
  it("is the compiled contract's: else run scripts/generate-escrow-code.ts", async () => {
    const artifact = new URL("../../../artifacts/contracts/ShapleyRewards.sol/ShapleyRewards.json", import.meta.url);
    const { abi } = JSON.parse(await readFile(artifact, "utf8"));
    expect(new Interface(REWARDS_ABI).format()).to.deep.equal(new Interface(abi).format());
  });
});
