import { FIELD_ORDER, toFieldElement } from "@zkcmp/field/element";
import { poseidon } from "@zkcmp/field/poseidon";
import { expect } from "chai";
import { ethers, openingAt } from "./fixture.ts";

/** The contract's Poseidon is the one of circuits and TypeScript, or no opening that they make could be redeemed. */
describe("PoseidonT3", () => {
  it("hashes (1, 2) as circomlib does", async () => {
    const poseidonT3 = await ethers.deployContract("PoseidonT3");
    expect(await poseidonT3.hash([1n, 2n])).to.equal(
      7853200120776062878684798364095072458815029376092732009249414926327459813530n,
    );
  });

  it("agrees with @zkcmp/field on small, large and mixed inputs", async () => {
    const poseidonT3 = await ethers.deployContract("PoseidonT3");
    const edge = [0n, 1n, FIELD_ORDER - 1n, FIELD_ORDER >> 1n];
    const pairs = edge.flatMap((left) => edge.map((right) => [left, right] as const));
    for (let index = 0; index < 20; index++) pairs.push([openingAt(index).key, openingAt(index).opening]);
    for (const [left, right] of pairs) {
      expect(await poseidonT3.hash([left, right])).to.equal(poseidon([toFieldElement(left), toFieldElement(right)]));
    }
  });
});
