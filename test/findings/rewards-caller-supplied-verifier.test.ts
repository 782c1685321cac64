import { REWARDS_CODE } from "@zkcmp/chain/rewards-code";
import { expect } from "chai";
import type { ParamType } from "ethers";
import type { RewardsVerifier } from "../../types/ethers-contracts/index.js";
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

  it("keeps the verifier where it was made, in the code, and differs in nothing else from one with another", async () => {
    const { verifier } = await networkHelpers.loadFixture(standardWorld);
    const library = await (await ethers.deployContract("PoseidonT4")).getAddress();
    const codeWith = async (judge: RewardsVerifier): Promise<string> => {
      const rewards = await deployRewards(judge, SHAPE, library);
      expect(await rewards.verifier()).to.equal(await judge.getAddress());
      return ethers.provider.getCode(rewards);
    };
    const other = await deployVerifier();
    const [code, again, different] = [await codeWith(verifier), await codeWith(verifier), await codeWith(other)];
    expect(again).to.equal(code);
    expect(different).not.to.equal(code);

    const places = REWARDS_CODE.immutables.verifier!;
    expect(places).not.to.deep.equal([]);
    for (const { start, length } of places) {
      for (const [found, judge] of [
        [code, verifier],
        [different, other],
      ] as const) {
        expect(BigInt(ethers.dataSlice(found, start, start + length))).to.equal(BigInt(await judge.getAddress()));
      }
    }
    const masked = (found: string): Uint8Array => {
      const bytes = ethers.getBytes(found);
      for (const { start, length } of places) bytes.fill(0, start, start + length);
      return bytes;
    };
    expect(ethers.hexlify(masked(different))).to.equal(ethers.hexlify(masked(code)));
  });
});
