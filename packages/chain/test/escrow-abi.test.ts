import { expect } from "chai";
import { Interface } from "ethers";
import { readFile } from "node:fs/promises";
import { ESCROW_ABI } from "../src/escrow-abi.ts";

describe("escrow-abi.ts", () => {
  it("is the compiled contract's: else run scripts/generate-contract-code.ts", async () => {
    const artifact = new URL("../../../artifacts/contracts/ModelEscrow.sol/ModelEscrow.json", import.meta.url);
    const { abi } = JSON.parse(await readFile(artifact, "utf8"));
    expect(new Interface(ESCROW_ABI).format()).to.deep.equal(new Interface(abi).format());
  });
});
