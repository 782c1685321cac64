import { expect } from "chai";
import type { ParamType } from "ethers";
import { deployRewards, deployVerifier, ethers, networkHelpers, SHAPE, standardWorld } from "../rewards/fixture.ts";

/**
 * The attack: whoever opens a round, or whoever submits, names the contract that judges the proof, and names one that says yes to
 * everything.
 * Refused because the verifier is part of the contract's code: no function takes one. A client compares the code of both contracts
 * with the published ones, key and shape included, and one round cannot have another verifier than all others.
 */
describe("finding: caller-supplied verifier", () => {
  it("has no function that takes the address of a verifier", async () => {
    const { rewards } = await networkHelpers.loadFixture(standardWorld);
    const addresses: string[] = [];
    const collect = (name: string, { type, name: field, components }: ParamType): void => {
      if (type === "address") addresses.push(`${name}.${field}`);
      components?.forEach((component) => collect(name, component));
    };
    rewards.interface.forEachFunction(({ name, inputs, stateMutability }) => {
      if (stateMutability !== "view" && stateMutability !== "pure") inputs.forEach((input) => collect(name, input));
    });
    expect(addresses.sort()).to.deep.equal([
      "claim.to",
      "claimFor.payee",
      "open.token",
      "registerFor.payee",
      "sweep.to",
    ]);
  });

  it("keeps the verifier where it was made, in the code", async () => {
    const { rewards, verifier } = await networkHelpers.loadFixture(standardWorld);
    expect(await rewards.verifier()).to.equal(await verifier.getAddress());
    const other = await deployRewards(await deployVerifier(), SHAPE);
    expect(await ethers.provider.getCode(other)).not.to.equal(await ethers.provider.getCode(rewards));
  });
});
