import { expect } from "chai";
import type { Hex } from "@zkcmp/sale/hex";
import { keccak256, toBeHex } from "ethers";
import hre from "hardhat";
import {
  type ExpectedCodeWithImmutables,
  POSEIDON_T4_CODE,
  REWARDS_CODE,
  REWARDS_VERIFIER_CODE,
} from "../../packages/chain/src/rewards-code.ts";
import type { CodeSpan, ExpectedCode } from "../../packages/chain/src/escrow-code.ts";
import shapleyRewards from "../../deploy/modules/ShapleyRewards.ts";
import { SHAPE } from "../rewards/fixture.ts";
import { trapdoorKey } from "../rewards/trapdoor-key.ts";

/** The rewards contract of one circuit, deployed by its module, is known by its code and by the immutables in it. */

function wordsAt(code: string, { start, length }: CodeSpan): string {
  return `0x${code.slice(2 + 2 * start, 2 + 2 * (start + length))}`;
}

function hashOf(code: string, { masked }: ExpectedCode): string {
  const blank = (text: string, { start, length }: CodeSpan): string =>
    text.slice(0, 2 + 2 * start) + "00".repeat(length) + text.slice(2 + 2 * (start + length));
  return keccak256(masked.reduce(blank, code));
}

/** The value of each immutable, which has to be the same in all of its places. */
function immutablesOf(code: string, { immutables }: ExpectedCodeWithImmutables): Record<string, string> {
  return Object.fromEntries(
    Object.entries(immutables).map(([name, places]) => {
      const values = new Set(places.map((place) => wordsAt(code, place)));
      expect(values.size).to.equal(1, name);
      return [name, [...values][0]!];
    }),
  );
}

const word = (value: bigint | number | string): Hex => toBeHex(value, 32) as Hex;

describe("deployment of the rewards contract", () => {
  it("puts up what the clients expect, key and shape included", async () => {
    const { ethers, ignition } = await hre.network.create();
    const key = await trapdoorKey();
    const asText = JSON.parse(JSON.stringify(key, (_, value) => (typeof value === "bigint" ? `${value}` : value)));
    const deployed = await ignition.deploy(shapleyRewards, {
      parameters: { ShapleyRewards: { verificationKey: asText, shape: { ...SHAPE } } },
    });
    const code = (contract: { getAddress: () => Promise<string> }) => ethers.provider.getCode(contract);
    const library = await code(deployed.poseidonT4);
    const verifier = await code(deployed.rewardsVerifier);
    const rewards = await code(deployed.shapleyRewards);

    expect(hashOf(library, POSEIDON_T4_CODE)).to.equal(POSEIDON_T4_CODE.runtimeHash);
    expect(hashOf(verifier, REWARDS_VERIFIER_CODE)).to.equal(REWARDS_VERIFIER_CODE.runtimeHash);
    expect(hashOf(rewards, REWARDS_CODE)).to.equal(REWARDS_CODE.runtimeHash);
    for (const place of REWARDS_CODE.addresses) {
      expect(wordsAt(rewards, place)).to.equal((await deployed.poseidonT4.getAddress()).toLowerCase());
    }
    expect(immutablesOf(rewards, REWARDS_CODE)).to.deep.equal({
      verifier: word(await deployed.rewardsVerifier.getAddress()),
      ...Object.fromEntries(Object.entries(SHAPE).map(([name, value]) => [name, word(value)])),
    });
    const pair = (name: string, [x, y]: readonly bigint[]) => ({ [`${name}X`]: word(x!), [`${name}Y`]: word(y!) });
    const twist = (name: string, [xi, xr, yi, yr]: readonly bigint[]) => ({
      [`${name}XImaginary`]: word(xi!),
      [`${name}XReal`]: word(xr!),
      [`${name}YImaginary`]: word(yi!),
      [`${name}YReal`]: word(yr!),
    });
    expect(immutablesOf(verifier, REWARDS_VERIFIER_CODE)).to.deep.equal({
      ...pair("alpha", key.alpha),
      ...twist("beta", key.beta),
      ...twist("gamma", key.gamma),
      ...twist("delta", key.delta),
      ...Object.assign({}, ...key.ic.map((point, index) => pair(`ic${index}`, point))),
    });
  });
});
