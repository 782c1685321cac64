import { expect } from "chai";
import { FIELD_ORDER, randomFieldElement, toFieldElement } from "@zkcmp/field/element";
import { poseidon } from "@zkcmp/field/poseidon";
import { ethers } from "./fixture.ts";

/** The contract's hash and the packages' are one function, which the circuit computes as well. */
describe("PoseidonT4", () => {
  it("is @zkcmp/field/poseidon of three elements", async () => {
    const library = await ethers.deployContract("PoseidonT4");
    const edges = [0n, 1n, FIELD_ORDER - 1n].map((x) => toFieldElement(x));
    const inputs = edges.flatMap((a) => edges.flatMap((b) => edges.map((c) => [a, b, c] as const)));
    for (let i = 0; i < 20; i++) inputs.push([randomFieldElement(), randomFieldElement(), randomFieldElement()]);
    for (const triple of inputs) {
      expect(await library.getFunction("hash(uint256[3])")(triple)).to.equal(poseidon(triple));
    }
  });
});
