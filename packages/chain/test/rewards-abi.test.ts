import { expect } from "chai";
import { Interface } from "ethers";
import { readFile } from "node:fs/promises";
import { REWARDS_ABI, REWARDS_VERIFIER_ABI } from "../src/rewards-abi.ts";

describe("rewards-abi.ts", () => {
  for (const [name, abi] of [
    ["ShapleyRewards", REWARDS_ABI],
    ["RewardsVerifier", REWARDS_VERIFIER_ABI],
  ] as const) {
    it(`is the compiled ${name}'s: else run scripts/generate-contract-code.ts`, async () => {
      const artifact = new URL(`../../../artifacts/contracts/${name}.sol/${name}.json`, import.meta.url);
      const compiled = JSON.parse(await readFile(artifact, "utf8"));
      expect(new Interface(abi).format()).to.deep.equal(new Interface(compiled.abi).format());
    });
  }
});
